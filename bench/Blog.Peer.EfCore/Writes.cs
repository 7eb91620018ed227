using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Peer.EfCore;

/// <summary>The one write.</summary>
static class Writes
{
    const int Attempts = 20;

    /// <summary>
    /// Creates a user with profile, posts and tags in one transaction. Tags that another request creates meanwhile are a conflict: then it
    /// is done again, and finds them.
    /// </summary>
    public static async Task<UserAnswer> CreateUserAsync(BlogContext database, UserInput input, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var user = await AddUserAsync(database, input, ct);
                await database.SaveChangesAsync(ct);
                return AnswerOf(user);
            }
            catch (Exception failure) when (attempt < Attempts && IsConflict(failure))
            {
                database.ChangeTracker.Clear();
                await Task.Delay(Random.Shared.Next(1 + (2 * attempt)), ct);
            }
        }
    }

    static async Task<User> AddUserAsync(BlogContext database, UserInput input, CancellationToken ct)
    {
        var posts = input.Posts ?? [];
        string[] names =
        [
            .. posts
                .SelectMany(post => post.TagNames ?? [])
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        var tags = await database
            .Tags.AsTracking()
            .Where(tag => names.Contains(tag.Name))
            .ToDictionaryAsync(tag => tag.Name, StringComparer.Ordinal, ct);
        foreach (var name in names.Where(name => !tags.ContainsKey(name)))
        {
            tags[name] = database.Tags.Add(new Tag { Name = name }).Entity;
        }

        var user = new User
        {
            Name = input.Name,
            Profile = string.IsNullOrEmpty(input.Bio) ? null : new Profile { Bio = input.Bio },
            Posts =
            [
                .. posts.Select(post => new Post
                {
                    Title = post.Title,
                    Content = post.Content,
                    Tags = [.. (post.TagNames ?? []).Distinct(StringComparer.Ordinal).Select(name => tags[name])],
                }),
            ],
        };
        database.Users.Add(user);
        return user;
    }

    static bool IsConflict(Exception failure) =>
        (failure as PostgresException ?? failure.InnerException as PostgresException)?.SqlState
            is PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.ForeignKeyViolation;

    static UserAnswer AnswerOf(User user) =>
        new(
            user.Name,
            user.Id,
            user.Profile is { } profile ? new ProfileAnswer(profile.Bio, profile.Id) : null,
            [
                .. user.Posts.Select(post => new PostAnswer(
                    post.Title,
                    post.Content,
                    post.Id,
                    user.Id,
                    [.. post.Tags.OrderBy(tag => tag.Id).Select(tag => new TagAnswer(tag.Name, tag.Id))],
                    Author: null
                )),
            ]
        );
}
