using Blog.Data.Catalogue;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Npgsql;

namespace Blog.Data.Users;

/// <summary>Users that are stored together with everything below them, all or nothing.</summary>
static class UserCreation
{
    static readonly Query createUser = QueryCatalogue.Find("users/create_user");
    static readonly Query createUserInsideTransaction = createUser.InsideTransaction();

    /// <summary>One round trip, however many they are, in the caller's transaction or in one of its own.</summary>
    /// <returns>What was stored, with its ids, in the order of <paramref name="users"/>; and the round trip.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was stored.</exception>
    public static async Task<(IReadOnlyList<User> Users, EndedTrip Trip)> CreateAsync(
        IReadOnlyList<UserCreate> users,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        var posts = users.SelectMany((user, at) => user.Posts.Select(post => (Author: at + 1, Post: post))).ToArray();
        var links = posts.SelectMany((of, at) => of.Post.TagNames.Select(name => (Post: at + 1, Name: name))).ToArray();
        try
        {
            var sets = await BlogData.QueryAsync(
                session,
                transaction is null ? createUser : createUserInsideTransaction,
                new
                {
                    names = users.Select(user => user.Name).ToArray(),
                    bios = users.Select(user => user.Bio).ToArray(),
                    authors = posts.Select(of => of.Author).ToArray(),
                    titles = posts.Select(of => of.Post.Title).ToArray(),
                    contents = posts.Select(of => of.Post.Content).ToArray(),
                    tagNames = links.Select(link => link.Name).Distinct(StringComparer.Ordinal).ToArray(),
                    linkPosts = links.Select(link => link.Post).ToArray(),
                    linkNames = links.Select(link => link.Name).ToArray(),
                },
                transaction,
                cancellationToken
            );
            IReadOnlyList<User> created;
            await using (sets)
            {
                created = Graphs(users, await sets.ReadAsync<StoredRow>());
            }

            return (created, sets.Trip!);
        }
        catch (PostgresException failure) when (FindOrCreateTags.IsTagGone(failure))
        {
            throw new WriteConflictException(FindOrCreateTags.TagGone);
        }
    }

    /// <summary>What was given, with the ids that it got: those of a kind come in the order in which it was given.</summary>
    static User[] Graphs(IReadOnlyList<UserCreate> users, IReadOnlyList<StoredRow> stored)
    {
        var byKind = stored.ToLookup(row => row.Kind);
        var tags = byKind[StoredRow.OfTag]
            .ToDictionary(row => row.Name!, row => new Tag(row.Name!, row.Id), StringComparer.Ordinal);
        using var storedUsers = byKind[StoredRow.OfUser].GetEnumerator();
        using var storedProfiles = byKind[StoredRow.OfProfile].GetEnumerator();
        using var storedPosts = byKind[StoredRow.OfPost].GetEnumerator();
        return [.. users.Select(Graph)];

        User Graph(UserCreate user)
        {
            var row = Next(storedUsers);
            return new(
                user.Name,
                row.Id,
                user.Bio is null ? null : new Profile(user.Bio, Next(storedProfiles).Id),
                [.. user.Posts.Select(post => GraphOf(post, row.Id))],
                new(row.Version!.Value, row.TagEpoch),
                user.Posts.Count
            );
        }

        Post GraphOf(PostCreate post, long authorId) =>
            new(
                post.Title,
                post.Content,
                Next(storedPosts).Id,
                authorId,
                [.. post.TagNames.Select(name => tags[name]).OrderBy(tag => tag.Id)]
            );

        static StoredRow Next(IEnumerator<StoredRow> rows) =>
            rows.MoveNext() ? rows.Current : throw new InvalidOperationException("Less was stored than was given.");
    }

    sealed record StoredRow(int Kind, long Id, long? Version, string? Name, long TagEpoch)
    {
        public const int OfUser = 1;
        public const int OfProfile = 2;
        public const int OfPost = 3;
        public const int OfTag = 4;
    }
}
