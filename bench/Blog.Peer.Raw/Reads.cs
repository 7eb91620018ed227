using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Blog.Peer.Raw;

/// <summary>
/// The two reads, written as JSON while they are read. Tags come before their posts, so that nothing but tags is kept until it is written.
/// Each statement has a snapshot of its own, so what is written meanwhile may be seen in parts; the service answers from one.
/// </summary>
sealed class Reads(NpgsqlDataSource database)
{
    const string User = """
        select u.id, u.name, p.id, p.bio
        from blog.users u
        left join blog.profile p on p.user_id = u.id
        where u.id = $1
        """;

    const string TagsOfUser = """
        select pt.post_id, t.id, t.name
        from blog.post p
        join blog.post_tag pt on pt.post_id = p.id
        join blog.tag t on t.id = pt.tag_id
        where p.author_id = $1
        order by pt.post_id, t.id
        """;

    const string PostsOfUser = """
        select p.id, p.title, p.content
        from blog.post p
        where p.author_id = $1
        order by p.id
        """;

    // 101 tells the planner that there are few, which the parameter does not.
    const string TagsOfPage = """
        select pt.post_id, t.id, t.name
        from (select capped.id from (select p.id from blog.post p where p.id < $1 order by p.id desc limit 101) capped limit $2) p
        join blog.post_tag pt on pt.post_id = p.id
        join blog.tag t on t.id = pt.tag_id
        order by pt.post_id desc, t.id
        """;

    const string Page = """
        select p.id, p.title, p.content, p.author_id, (select u.name from blog.users u where u.id = p.author_id) as author
        from (
          select p.id, p.title, p.content, p.author_id
          from blog.post p
          where p.id < $1
          order by p.id desc
          limit 101
        ) p
        limit $2
        """;

    /// <summary>Writes a user with everything below; false and nothing written where there is none.</summary>
    public async Task<bool> WriteUserAsync(long id, IBufferWriter<byte> body, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Of(User, id), Of(TagsOfUser, id), Of(PostsOfUser, id) },
        };
        await using var rows = await batch.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct))
        {
            return false;
        }

        using var json = new Utf8JsonWriter(body, Members.Writing);
        json.WriteStartObject();
        json.WriteString(Members.Name, rows.GetString(1));
        json.WriteNumber(Members.Id, id);
        if (rows.IsDBNull(2))
        {
            json.WriteNull(Members.Profile);
        }
        else
        {
            json.WriteStartObject(Members.Profile);
            json.WriteString(Members.Bio, rows.GetString(3));
            json.WriteNumber(Members.Id, rows.GetInt64(2));
            json.WriteEndObject();
        }

        await rows.NextResultAsync(ct);
        var tags = new List<(long PostId, long Id, string Name)>(32);
        while (await rows.ReadAsync(ct))
        {
            tags.Add((rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2)));
        }

        await rows.NextResultAsync(ct);
        json.WriteStartArray(Members.Posts);
        for (var next = 0; await rows.ReadAsync(ct); )
        {
            var postId = rows.GetInt64(0);
            json.WriteStartPost(rows.GetString(1), rows.GetString(2), postId, id);
            // Tags of a post that has gone in between are passed over.
            for (; next < tags.Count && tags[next].PostId <= postId; next++)
            {
                if (tags[next].PostId == postId)
                {
                    json.WriteTag(tags[next].Id, tags[next].Name);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return true;
    }

    /// <summary>Writes the newest posts below an id, with tags and author.</summary>
    public async Task WritePageAsync(int limit, long before, IBufferWriter<byte> body, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Of(TagsOfPage, before, limit + 1), Of(Page, before, limit + 1) },
        };
        await using var rows = await batch.ExecuteReaderAsync(ct);
        var tags = new List<(long PostId, long Id, string Name)>(4 * limit);
        while (await rows.ReadAsync(ct))
        {
            tags.Add((rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2)));
        }

        await rows.NextResultAsync(ct);
        using var json = new Utf8JsonWriter(body, Members.Writing);
        json.WriteStartObject();
        json.WriteStartArray(Members.Items);
        var (count, last, next) = (0, 0L, 0);
        while (count < limit && await rows.ReadAsync(ct))
        {
            (count, last) = (count + 1, rows.GetInt64(0));
            var authorId = rows.GetInt64(3);
            json.WriteStartPost(rows.GetString(1), rows.GetString(2), last, authorId);
            // Tags of a post that has gone in between are passed over.
            for (; next < tags.Count && tags[next].PostId >= last; next++)
            {
                if (tags[next].PostId == last)
                {
                    json.WriteTag(tags[next].Id, tags[next].Name);
                }
            }

            json.WriteEndPost(authorId, rows.GetString(4));
        }

        json.WriteEndArray();
        json.WriteNumber(Members.Limit, limit);
        if (await rows.ReadAsync(ct))
        {
            json.WriteString(Members.Next, last.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    static NpgsqlBatchCommand Of(string sql, long first, long second) =>
        new(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = first },
                new NpgsqlParameter<long> { TypedValue = second },
            },
        };

    static NpgsqlBatchCommand Of(string sql, long id) =>
        new(sql) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } };
}
