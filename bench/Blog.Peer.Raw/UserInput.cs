using System.Text.Json.Serialization;

namespace Blog.Peer.Raw;

/// <summary>A user to be created: <c>{"name","bio","posts"}</c>.</summary>
/// <param name="Bio">Null or empty for no profile.</param>
/// <param name="Posts">Null for none.</param>
sealed record UserInput(string Name, string? Bio, PostInput[]? Posts);

/// <summary>A post to be created: <c>{"title","content","tag_names"}</c>.</summary>
/// <param name="TagNames">Null for none.</param>
sealed record PostInput(string Title, string Content, string[]? TagNames);

[JsonSerializable(typeof(UserInput))]
sealed partial class InputJson : JsonSerializerContext;
