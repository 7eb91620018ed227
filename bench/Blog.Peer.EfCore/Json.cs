using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Blog.Peer.EfCore;

/// <summary>A user with everything below.</summary>
sealed record UserAnswer(string Name, long Id, ProfileAnswer? Profile, IReadOnlyList<PostAnswer> Posts);

/// <summary>What a user says about themselves.</summary>
sealed record ProfileAnswer(string Bio, long Id);

/// <summary>A post with its tags by id.</summary>
/// <param name="Author">Null inside of its author.</param>
sealed record PostAnswer(
    string Title,
    string Content,
    long Id,
    long AuthorId,
    IReadOnlyList<TagAnswer> Tags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuthorAnswer? Author
);

/// <summary>A tag.</summary>
sealed record TagAnswer(string Name, long Id);

/// <summary>Who wrote a post.</summary>
sealed record AuthorAnswer(string Name, long Id);

/// <summary>A page of posts, newest first.</summary>
/// <param name="Next">The id that the next page is before; null on the last one.</param>
sealed record PageAnswer(
    IReadOnlyList<PostAnswer> Items,
    int Limit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next
);

/// <summary>A user to be created.</summary>
/// <param name="Bio">Null or empty for no profile.</param>
/// <param name="Posts">Null for none.</param>
sealed record UserInput(string Name, string? Bio, PostInput[]? Posts);

/// <summary>A post to be created.</summary>
/// <param name="TagNames">Null for none.</param>
sealed record PostInput(string Title, string Content, string[]? TagNames);

[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(PageAnswer))]
[JsonSerializable(typeof(UserInput))]
[JsonSerializable(typeof(ProblemDetails))]
sealed partial class PeerJson : JsonSerializerContext;
