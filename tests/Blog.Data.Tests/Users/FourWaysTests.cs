using System.Text.Json;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;
using Blog.Testing;
using Dapper;
using Npgsql;

namespace Blog.Data.Tests.Users;

/// <summary>
/// The graph of GET /users/{id} is the same as three other ways of reading it give, on graphs made up at random: multi-mapping
/// over one join, a query a row, and JSON that PostgreSQL builds. A failure names the seed of its graphs.
/// </summary>
public sealed class FourWaysTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncDisposable
{
    // Quotes, backslashes, line feeds, markup, a letter outside the basic plane, a combining mark that nothing composes with.
    static readonly string[] pieces =
    [
        "a",
        "B",
        " x",
        "\"",
        "\\",
        "\n",
        "<b>",
        "é",
        "日本",
        "한",
        "😀",
        "q\u0323",
        "%",
        "null",
        "{}",
    ];

    readonly BlogData data = new(database.AppConnectionString);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    public ValueTask DisposeAsync() => data.DisposeAsync();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Four_ways_of_reading_give_the_same_graphs(int seed)
    {
        var random = new Random(seed);
        var users = new UserRepository(data);
        var written = new List<User>();
        for (var graph = 0; graph < 5; graph++)
        {
            written.Add(await users.CreateUserAsync(MakeUp(random), once: null, TestContext.Current.CancellationToken));
        }

        await using var connection = await database.OpenAsync("blog_readonly");
        foreach (var created in written)
        {
            var expected = Json(created);
            var read = await users.GetUserAsync(created.Id, 1000, TestContext.Current.CancellationToken);

            Assert.Equal(expected, Json(read!));
            Assert.Equal(expected, Json(await ReadByOneJoinAsync(connection, created.Id)));
            Assert.Equal(expected, Json(await ReadRowByRowAsync(connection, created.Id)));
            Assert.Equal(expected, await ReadAsJsonAsync(connection, created.Id));
        }
    }

    static UserCreate MakeUp(Random random)
    {
        return new(
            "n" + Text(12),
            random.Next(3) == 0 ? null : "b" + Text(50),
            [.. Enumerable.Range(0, random.Next(8)).Select(_ => Post())]
        );

        PostCreate Post() =>
            new("t" + Text(25), Text(200), [.. Enumerable.Range(0, random.Next(6)).Select(_ => Tag()).Distinct()]);

        // Few names, so that users and posts share tags.
        string Tag() => $"tag {pieces[random.Next(pieces.Length)].Trim()}{random.Next(3)}";

        string Text(int pieceLimit) =>
            string.Concat(Enumerable.Range(0, random.Next(pieceLimit)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    static async Task<User> ReadByOneJoinAsync(NpgsqlConnection connection, long userId)
    {
        const string Sql = """
            select u.id, u.name, p.id, p.bio, post.id, post.title, post.content, t.id, t.name
            from blog.users u
            left join blog.profile p on p.user_id = u.id
            left join blog.post post on post.author_id = u.id
            left join blog.post_tag pt on pt.post_id = post.id
            left join blog.tag t on t.id = pt.tag_id
            where u.id = :userId
            order by post.id, t.id
            """;
        var rows = await connection.QueryAsync<NamedRow, BioRow?, PostRow?, NamedRow?, JoinedRow>(
            Sql,
            (user, profile, post, tag) => new(user, profile, post, tag),
            new { userId },
            splitOn: "id,id,id"
        );
        var all = rows.ToList();
        return Graph(
            all[0].User,
            all[0].Profile,
            all.Where(row => row.Post is not null)
                .GroupBy(row => row.Post!)
                .Select(post => (post.Key, post.Where(row => row.Tag is not null).Select(row => row.Tag!)))
        );
    }

    static async Task<User> ReadRowByRowAsync(NpgsqlConnection connection, long userId)
    {
        var user = await connection.QuerySingleAsync<NamedRow>(
            "select id, name from blog.users where id = :userId",
            new { userId }
        );
        var profile = await connection.QuerySingleOrDefaultAsync<BioRow>(
            "select id, bio from blog.profile where user_id = :userId",
            new { userId }
        );
        var posts = new List<(PostRow, IEnumerable<NamedRow>)>();
        foreach (
            var post in await connection.QueryAsync<PostRow>(
                "select id, title, content from blog.post where author_id = :userId order by id",
                new { userId }
            )
        )
        {
            var tags = new List<NamedRow>();
            foreach (
                var tagId in await connection.QueryAsync<long>(
                    "select tag_id from blog.post_tag where post_id = :postId order by tag_id",
                    new { postId = post.Id }
                )
            )
            {
                tags.Add(
                    await connection.QuerySingleAsync<NamedRow>(
                        "select id, name from blog.tag where id = :tagId",
                        new { tagId }
                    )
                );
            }

            posts.Add((post, tags));
        }

        return Graph(user, profile, posts);
    }

    static async Task<string> ReadAsJsonAsync(NpgsqlConnection connection, long userId)
    {
        const string Sql = """
            select json_build_object(
              'name', u.name,
              'id', u.id,
              'profile', (select json_build_object('bio', p.bio, 'id', p.id) from blog.profile p where p.user_id = u.id),
              'posts', coalesce((
                select json_agg(json_build_object(
                  'title', post.title,
                  'content', post.content,
                  'id', post.id,
                  'author_id', post.author_id,
                  'tags', coalesce((
                    select json_agg(json_build_object('name', t.name, 'id', t.id) order by t.id)
                    from blog.post_tag pt
                    join blog.tag t on t.id = pt.tag_id
                    where pt.post_id = post.id
                  ), '[]')
                ) order by post.id)
                from blog.post post
                where post.author_id = u.id
              ), '[]')
            )::text
            from blog.users u
            where u.id = :userId
            """;
        using var json = JsonDocument.Parse(await connection.QuerySingleAsync<string>(Sql, new { userId }));
        return JsonSerializer.Serialize(json);
    }

    static User Graph(NamedRow user, BioRow? profile, IEnumerable<(PostRow Post, IEnumerable<NamedRow> Tags)> posts)
    {
        List<Post> graphs =
        [
            .. posts.Select(of => new Post(
                of.Post.Title,
                of.Post.Content,
                of.Post.Id,
                user.Id,
                [.. of.Tags.Select(tag => new Tag(tag.Name, tag.Id))]
            )),
        ];
        return new(
            user.Name,
            user.Id,
            profile is null ? null : new(profile.Bio, profile.Id),
            graphs,
            new(1, 1),
            graphs.Count
        );
    }

    /// <summary>Written again without the spaces and escapes in which PostgreSQL and the service differ.</summary>
    static string Json(User user)
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(user, BlogJson.Settings));
        return JsonSerializer.Serialize(json);
    }

    sealed record NamedRow(long Id, string Name);

    sealed record BioRow(long Id, string Bio);

    sealed record PostRow(long Id, string Title, string Content);

    sealed record JoinedRow(NamedRow User, BioRow? Profile, PostRow? Post, NamedRow? Tag);
}
