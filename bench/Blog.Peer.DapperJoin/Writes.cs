using Dapper;
using Npgsql;

namespace Blog.Peer.DapperJoin;

/// <summary>The one write.</summary>
sealed class Writes(NpgsqlDataSource database)
{
    // Sorted names: two that create the same ones wait for each other in one direction only.
    const string CreateTags = """
        insert into blog.tag (name)
        select wanted.name
        from unnest(@names) with ordinality as wanted (name, nth)
        where not exists (select from blog.tag t where t.name = wanted.name)
        order by wanted.nth
        on conflict (name) do nothing
        """;

    const string CreatePosts = """
        insert into blog.post (author_id, title, content)
        select @userId, sent.title, sent.content
        from unnest(@titles, @contents) with ordinality as sent (title, content, nth)
        order by sent.nth
        returning id
        """;

    /// <summary>Creates a user with profile, posts and tags in one transaction.</summary>
    public async Task<User> CreateUserAsync(UserInput input)
    {
        var sent = input.Posts ?? [];
        string[] names =
        [
            .. sent.SelectMany(post => post.TagNames ?? [])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(CreateTags, new { names }, transaction);
        var tags = (
            await connection.QueryAsync<Tag>(
                "select id, name from blog.tag where name = any(@names)",
                new { names },
                transaction
            )
        ).ToDictionary(tag => tag.Name, StringComparer.Ordinal);

        var user = await connection.QuerySingleAsync<User>(
            "insert into blog.users (name) values (@Name) returning id, name",
            new { input.Name },
            transaction
        );
        if (!string.IsNullOrEmpty(input.Bio))
        {
            user.Profile = await connection.QuerySingleAsync<Profile>(
                "insert into blog.profile (user_id, bio) values (@Id, @Bio) returning id, bio",
                new { user.Id, input.Bio },
                transaction
            );
        }

        var postIds = await connection.QueryAsync<long>(
            CreatePosts,
            new
            {
                userId = user.Id,
                titles = sent.Select(post => post.Title).ToArray(),
                contents = sent.Select(post => post.Content).ToArray(),
            },
            transaction
        );
        foreach (var (postId, post) in postIds.Zip(sent))
        {
            var created = new Post
            {
                Id = postId,
                AuthorId = user.Id,
                Title = post.Title,
                Content = post.Content,
            };
            created.Tags.AddRange(
                (post.TagNames ?? []).Distinct(StringComparer.Ordinal).Select(name => tags[name]).OrderBy(tag => tag.Id)
            );
            user.Posts.Add(created);
        }

        await connection.ExecuteAsync(
            "insert into blog.post_tag (post_id, tag_id) select * from unnest(@postIds, @tagIds)",
            new
            {
                postIds = user.Posts.SelectMany(post => post.Tags.Select(_ => post.Id)).ToArray(),
                tagIds = user.Posts.SelectMany(post => post.Tags.Select(tag => tag.Id)).ToArray(),
            },
            transaction
        );
        await transaction.CommitAsync();
        return user;
    }
}
