using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Blog.Peer.DapperJoin;

/// <summary>A user with everything below; a member is a column and JSON.</summary>
sealed class User
{
    public string Name { get; set; } = "";
    public long Id { get; set; }
    public Profile? Profile { get; set; }
    public List<Post> Posts { get; } = [];
}

/// <summary>What a user says about themselves.</summary>
sealed class Profile
{
    public string Bio { get; set; } = "";
    public long Id { get; set; }
}

/// <summary>A post with its tags by id.</summary>
sealed class Post
{
    public string Title { get; set; } = "";
    public string Content { get; set; } = "";
    public long Id { get; set; }
    public long AuthorId { get; set; }
    public List<Tag> Tags { get; } = [];

    /// <summary>Null inside of its author.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Author? Author { get; set; }
}

/// <summary>A tag.</summary>
sealed class Tag
{
    public string Name { get; set; } = "";
    public long Id { get; set; }
}

/// <summary>Who wrote a post.</summary>
sealed class Author
{
    public string Name { get; set; } = "";
    public long Id { get; set; }
}

/// <summary>A page of posts, newest first.</summary>
/// <param name="Next">The id that the next page is before; null on the last one.</param>
sealed record Page(
    IReadOnlyList<Post> Items,
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

[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(UserInput))]
[JsonSerializable(typeof(ProblemDetails))]
sealed partial class PeerJson : JsonSerializerContext;
