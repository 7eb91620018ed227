namespace Blog.Api.Tests.Posts;

/// <summary>Beside Bea stands Ann, user 2, with post 3 and its tags "shared" (1) and "a" (3); a test that needs her arranges her.</summary>
public abstract class PostTest(BlogApi api) : ApiTest(api)
{
    protected const string Shared = """{"name":"shared","id":1}""";
    protected const string A = """{"name":"a","id":3}""";

    protected const string Ann = """
        insert into blog.users (name) values ('Ann');
        insert into blog.post (author_id, title, content) values (2, 'T', 'C');
        insert into blog.tag (name) values ('a');
        insert into blog.post_tag values (3, 1), (3, 3);
        """;

    protected Task ArrangeAnnAsync() => ExecuteAsync(Ann);

    protected static string Post(string title, string content, params string[] tags) =>
        $$"""{"title":"{{title}}","content":"{{content}}","id":3,"author_id":2,"tags":[{{string.Join(',', tags)}}]}""";

    protected static string Items(params string[] tags) => $$"""{"items":[{{string.Join(',', tags)}}]}""";

    protected static string Names(IEnumerable<string> names) =>
        $$"""{"tag_names":[{{string.Join(',', names.Select(name => $"\"{name}\""))}}]}""";

    protected static string Stale(string instance) =>
        $$"""412 {"type":"/problems/precondition_failed","title":"Precondition Failed","status":412,"detail":"It has changed since the version that If-Match names; nothing was written","instance":"{{instance}}","code":"precondition_failed","request_id":"test"}""";

    /// <summary>The versions of Ann and of her post, and when they moved last: "u2.1 p3.1" where nothing has.</summary>
    protected async Task<string> VersionsAsync() =>
        (
            await ListAsync(
                "select format('u%s.%s p%s.%s', u.id, u.version, p.id, p.version) from blog.users u left join blog.post p on p.author_id = u.id where u.id = 2"
            )
        ).Single();

    /// <summary>Where the rows of Ann lie and which transactions wrote them; a row that is written again lies elsewhere.</summary>
    protected Task<string[]> RowsAsync() =>
        ListAsync(
            """
            select format('user %s %s', ctid, xmin) from blog.users where id = 2
            union all
            select format('post %s %s', ctid, xmin) from blog.post where author_id = 2
            union all
            (select format('link %s %s %s', tag_id, ctid, xmin) from blog.post_tag where post_id = 3 order by tag_id)
            union all
            select format('epoch %s %s', ctid, xmin) from blog.tag_epoch
            """
        );
}
