using Microsoft.EntityFrameworkCore;

namespace Blog.Peer.EfCore;

/// <summary>The two reads, compiled once. Each is one join: split queries took as long on the page and longer on the graph.</summary>
static class Reads
{
    /// <summary>A user with everything below; null where there is none.</summary>
    public static readonly Func<BlogContext, long, CancellationToken, Task<UserAnswer?>> GetUser = EF.CompileAsyncQuery(
        (BlogContext database, long id, CancellationToken ct) =>
            database
                .Users.Where(user => user.Id == id)
                .Select(user => new UserAnswer(
                    user.Name,
                    user.Id,
                    user.Profile == null ? null : new ProfileAnswer(user.Profile.Bio, user.Profile.Id),
                    user.Posts.OrderBy(post => post.Id)
                        .Select(post => new PostAnswer(
                            post.Title,
                            post.Content,
                            post.Id,
                            post.AuthorId,
                            post.Tags.OrderBy(tag => tag.Id).Select(tag => new TagAnswer(tag.Name, tag.Id)).ToList(),
                            null
                        ))
                        .ToList()
                ))
                .FirstOrDefault()
    );

    /// <summary>
    /// The newest posts below an id, with tags and author. The 101 tells the planner that there are few; the order between keeps EF Core
    /// from making one limit of both, which would tell it nothing.
    /// </summary>
    public static readonly Func<BlogContext, long, int, IAsyncEnumerable<PostAnswer>> ListPosts = EF.CompileAsyncQuery(
        (BlogContext database, long before, int limit) =>
            database
                .Posts.Where(post => post.Id < before)
                .OrderByDescending(post => post.Id)
                .Take(101)
                .OrderByDescending(post => post.Id)
                .Take(limit)
                .Select(post => new PostAnswer(
                    post.Title,
                    post.Content,
                    post.Id,
                    post.AuthorId,
                    post.Tags.OrderBy(tag => tag.Id).Select(tag => new TagAnswer(tag.Name, tag.Id)).ToList(),
                    new AuthorAnswer(post.Author!.Name, post.AuthorId)
                ))
    );
}
