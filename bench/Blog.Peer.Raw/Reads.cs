using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Blog.Peer.Raw;

/// <summary>The two reads, written as JSON while they are read.</summary>
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
    const string Page = """
        select
          p.id, p.title, p.content, p.author_id,
          (select u.name from blog.users u where u.id = p.author_id) as author, tags.ids, tags.names
        from (
          select capped.*
          from (
            select p.id, p.title, p.content, p.author_id
            from blog.post p
            where p.id < $1
            order by p.id desc
            limit 101
          ) capped
          limit $2
        ) p
        cross join lateral (
          select array_agg(t.id order by t.id) as ids, array_agg(t.name order by t.id) as names
          from blog.post_tag pt
          join blog.tag t on t.id = pt.tag_id
          where pt.post_id = p.id
        ) tags
        order by p.id desc
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
            // Each statement has a snapshot of its own: a post may have gone in between, with its tags.
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
        await using var command = new NpgsqlCommand(Page, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = before },
                new NpgsqlParameter<long> { TypedValue = limit + 1 },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        using var json = new Utf8JsonWriter(body, Members.Writing);
        json.WriteStartObject();
        json.WriteStartArray(Members.Items);
        var (count, last) = (0, 0L);
        while (count < limit && await rows.ReadAsync(ct))
        {
            (count, last) = (count + 1, rows.GetInt64(0));
            var authorId = rows.GetInt64(3);
            json.WriteStartPost(rows.GetString(1), rows.GetString(2), last, authorId);
            if (!rows.IsDBNull(5))
            {
                var names = rows.GetFieldValue<string[]>(6);
                foreach (var (index, tagId) in rows.GetFieldValue<long[]>(5).Index())
                {
                    json.WriteTag(tagId, names[index]);
                }
            }

            json.WriteEndArray();
            json.WriteStartObject(Members.Author);
            json.WriteString(Members.Name, rows.GetString(4));
            json.WriteNumber(Members.Id, authorId);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber(Members.Limit, limit);
        if (await rows.ReadAsync(ct))
        {
            json.WriteString(Members.Next, last.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    static NpgsqlBatchCommand Of(string sql, long id) =>
        new(sql) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } };
}
