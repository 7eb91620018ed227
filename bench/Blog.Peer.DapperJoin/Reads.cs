using System.Globalization;
using Dapper;
using Npgsql;

namespace Blog.Peer.DapperJoin;

/// <summary>The two reads: a join each.</summary>
sealed class Reads(NpgsqlDataSource database)
{
    const string User = """
        select u.id, u.name, pr.id, pr.bio, p.id, p.title, p.content, p.author_id, t.id, t.name
        from blog.users u
        left join blog.profile pr on pr.user_id = u.id
        left join blog.post p on p.author_id = u.id
        left join blog.post_tag pt on pt.post_id = p.id
        left join blog.tag t on t.id = pt.tag_id
        where u.id = @id
        order by p.id, t.id
        """;

    // 101 tells the planner that there are few, which the parameter does not.
    const string Page = """
        select p.id, p.title, p.content, p.author_id, u.id, u.name, t.id, t.name
        from (
          select capped.*
          from (
            select id, title, content, author_id
            from blog.post
            where id < @before
            order by id desc
            limit 101
          ) capped
          limit @rows
        ) p
        join blog.users u on u.id = p.author_id
        left join blog.post_tag pt on pt.post_id = p.id
        left join blog.tag t on t.id = pt.tag_id
        order by p.id desc, t.id
        """;

    /// <summary>A user with everything below; null where there is none.</summary>
    public async Task<User?> GetUserAsync(long id)
    {
        User? found = null;
        var posts = new Dictionary<long, Post>();
        await using var connection = await database.OpenConnectionAsync();
        await connection.QueryAsync<User, Profile?, Post?, Tag?, User>(
            User,
            (user, profile, post, tag) =>
            {
                found ??= user;
                found.Profile ??= profile;
                if (post is null)
                {
                    return found;
                }

                if (!posts.TryGetValue(post.Id, out var seen))
                {
                    posts.Add(post.Id, seen = post);
                    found.Posts.Add(post);
                }

                if (tag is not null)
                {
                    seen.Tags.Add(tag);
                }

                return found;
            },
            new { id },
            splitOn: "id,id,id"
        );
        return found;
    }

    /// <summary>The newest posts below an id, with tags and author.</summary>
    public async Task<Page> ListPostsAsync(int limit, long before)
    {
        var posts = new OrderedDictionary<long, Post>();
        await using var connection = await database.OpenConnectionAsync();
        await connection.QueryAsync<Post, Author, Tag?, Post>(
            Page,
            (post, author, tag) =>
            {
                if (!posts.TryGetValue(post.Id, out var seen))
                {
                    posts.Add(post.Id, seen = post);
                    seen.Author = author;
                }

                if (tag is not null)
                {
                    seen.Tags.Add(tag);
                }

                return seen;
            },
            new { before, rows = limit + 1L },
            splitOn: "id,id"
        );
        var items = posts.Values.Take(limit).ToList();
        return new(items, limit, posts.Count > limit ? items[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }
}
