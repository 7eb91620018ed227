namespace Blog.Data.Posts;

/// <summary>Which posts a list holds; what is null or empty does not filter.</summary>
/// <param name="AuthorId">The user who wrote them.</param>
/// <param name="TagNames">Names, each once, of which a post carries all, or any where the path says so.</param>
/// <param name="Words">What they hold, in websearch syntax.</param>
public sealed record PostFilter(long? AuthorId, IReadOnlyList<string> TagNames, string? Words);

/// <summary>What is read of a post besides its own members.</summary>
/// <param name="Tags">Its tags.</param>
/// <param name="Author">The author's name.</param>
/// <param name="Times">When it was created and updated.</param>
public sealed record PostParts(bool Tags = true, bool Author = false, bool Times = false);
