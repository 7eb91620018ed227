using Blog.Data;
using Blog.Data.Catalogue;
using Blog.Data.Lists;
using Blog.Data.Posts;
using Blog.Data.Users;

namespace Blog.Api.Health;

/// <summary>
/// What the first request would wait for, done while the host is still being built: the catalogue is read and a connection opened, and the newest
/// post and its author are read as requests read them, so that what they go through is compiled. Nothing depends on it: whatever fails here fails
/// again where somebody is told.
/// </summary>
sealed class WarmUp
{
    static readonly TimeSpan within = TimeSpan.FromSeconds(1);

    WarmUp(Task ended) => Ended = ended;

    /// <summary>Ends with the last read, or soon, and never fails.</summary>
    public Task Ended { get; }

    /// <summary>Reads the catalogue, on another thread.</summary>
    public static void BeginCatalogue() => _ = Task.Run(() => QueryCatalogue.All);

    /// <summary>Reads a page of one post and its author, on another thread.</summary>
    public static WarmUp Begin(BlogData data) =>
        new(Task.Run(() => ReadAsync(data)).ContinueWith(_ => { }, TaskScheduler.Default));

    static async Task ReadAsync(BlogData data)
    {
        using var deadline = Deadline.Begin(within, CancellationToken.None);
        var page = await new PostListRepository(data).ListPostsAsync(
            new(PostListRepository.Paths[0], long.MaxValue, Limit: 1, CountMode.None),
            new(AuthorId: null, [], Words: null),
            new(),
            deadline.Token
        );
        if (page.Items is [var newest])
        {
            await new UserRepository(data).GetUserAsync(newest.AuthorId, postLimit: 1, deadline.Token);
        }
    }
}
