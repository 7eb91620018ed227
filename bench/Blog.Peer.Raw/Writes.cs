using System.Buffers;
using System.Text.Json;
using Npgsql;

namespace Blog.Peer.Raw;

/// <summary>A user that was created, with the ids that the database gave.</summary>
/// <param name="Id">Of the user.</param>
/// <param name="ProfileId">Null where there is no profile.</param>
/// <param name="PostIds">One for each post, in the order sent.</param>
/// <param name="TagIds">By name.</param>
sealed record CreatedUser(
    UserInput Input,
    long Id,
    long? ProfileId,
    IReadOnlyList<long> PostIds,
    IReadOnlyDictionary<string, long> TagIds
)
{
    public void WriteTo(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, Members.Writing);
        json.WriteStartObject();
        json.WriteString(Members.Name, Input.Name);
        json.WriteNumber(Members.Id, Id);
        if (ProfileId is { } profileId)
        {
            json.WriteStartObject(Members.Profile);
            json.WriteString(Members.Bio, Input.Bio);
            json.WriteNumber(Members.Id, profileId);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull(Members.Profile);
        }

        json.WriteStartArray(Members.Posts);
        foreach (var (index, post) in (Input.Posts ?? []).Index())
        {
            json.WriteStartPost(post.Title, post.Content, PostIds[index], Id);
            foreach (var name in (post.TagNames ?? []).Distinct(StringComparer.Ordinal).OrderBy(name => TagIds[name]))
            {
                json.WriteTag(TagIds[name], name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>The one write: everything in one batch inside of an explicit transaction, then the commit.</summary>
sealed class Writes(NpgsqlDataSource database)
{
    // Sorted names: two that create the same ones wait for each other in one direction only.
    const string CreateTags = """
        insert into blog.tag (name)
        select wanted.name
        from unnest($1) with ordinality as wanted (name, nth)
        where not exists (select from blog.tag t where t.name = wanted.name)
        order by wanted.nth
        on conflict (name) do nothing
        """;

    // A statement of its own sees what others have committed while the first one waited.
    const string FindTags = "select t.id, t.name from blog.tag t where t.name = any($1)";

    const string CreateUser = "insert into blog.users (name) values ($1) returning id";

    const string CreateProfile = """
        insert into blog.profile (user_id, bio)
        select currval('blog.users_id_seq'), $1
        where $1 is not null
        returning id
        """;

    const string CreatePosts = """
        insert into blog.post (author_id, title, content)
        select currval('blog.users_id_seq'), sent.title, sent.content
        from unnest($1, $2) with ordinality as sent (title, content, nth)
        order by sent.nth
        returning id
        """;

    const string LinkTags = """
        insert into blog.post_tag (post_id, tag_id)
        select post.id, tag.id
        from (
          select id, row_number() over (order by id) as nth
          from blog.post
          where author_id = (select currval('blog.users_id_seq'))
        ) post
        join unnest($1, $2) as link (nth, name) on link.nth = post.nth
        cross join lateral (select t.id from blog.tag t where t.name = link.name offset 0) tag
        """;

    public async Task<CreatedUser> CreateUserAsync(UserInput input, CancellationToken ct)
    {
        var posts = input.Posts ?? [];
        var links = posts
            .Index()
            .SelectMany(post =>
                (post.Item.TagNames ?? [])
                    .Distinct(StringComparer.Ordinal)
                    .Select(name => (Nth: post.Index + 1L, Name: name))
            )
            .ToArray();
        string[] names =
        [
            .. links.Select(link => link.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                Of(CreateTags, names),
                Of(FindTags, names),
                Of(CreateUser, input.Name),
                Of(CreateProfile, string.IsNullOrEmpty(input.Bio) ? null : input.Bio),
                Of(
                    CreatePosts,
                    posts.Select(post => post.Title).ToArray(),
                    posts.Select(post => post.Content).ToArray()
                ),
                Of(LinkTags, links.Select(link => link.Nth).ToArray(), links.Select(link => link.Name).ToArray()),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(ct);
        // Statements that return nothing have no result.
        var tagIds = new Dictionary<string, long>(names.Length, StringComparer.Ordinal);
        while (await rows.ReadAsync(ct))
        {
            tagIds.Add(rows.GetString(1), rows.GetInt64(0));
        }

        var userId = await NextIdsAsync(rows, ct);
        var profileId = await NextIdsAsync(rows, ct);
        var postIds = await NextIdsAsync(rows, ct);
        await rows.CloseAsync();
        await transaction.CommitAsync(ct);
        return new(input, userId[0], profileId is [var id] ? id : null, postIds, tagIds);
    }

    static async Task<List<long>> NextIdsAsync(NpgsqlDataReader rows, CancellationToken ct)
    {
        await rows.NextResultAsync(ct);
        var ids = new List<long>();
        while (await rows.ReadAsync(ct))
        {
            ids.Add(rows.GetInt64(0));
        }

        return ids;
    }

    static NpgsqlBatchCommand Of<T>(string sql, T first) =>
        new(sql) { Parameters = { new NpgsqlParameter<T> { TypedValue = first } } };

    static NpgsqlBatchCommand Of<T1, T2>(string sql, T1 first, T2 second) =>
        new(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<T1> { TypedValue = first },
                new NpgsqlParameter<T2> { TypedValue = second },
            },
        };
}
