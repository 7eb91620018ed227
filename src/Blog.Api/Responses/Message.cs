using System.Text.Json.Serialization;

namespace Blog.Api.Responses;

/// <summary>A write that leaves nothing to show: <c>{"message"}</c>.</summary>
public sealed record Message([property: JsonPropertyName("message")] string Text)
{
    /// <summary>What every DELETE answers with.</summary>
    public static Message Deleted { get; } = new("Deleted");
}
