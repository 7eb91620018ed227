using System.Text.Json.Serialization;

namespace Blog.Data.Users;

/// <summary>What a user says about themselves: <c>{"bio","id"}</c>.</summary>
/// <param name="Bio">1 to <see cref="Limits.Bio"/> code points in normalisation form C.</param>
/// <param name="Id">Identity of the profile.</param>
public sealed record Profile(string Bio, long Id)
{
    /// <summary>How new the user is that it belongs to; null inside a <see cref="User"/>, which has its own.</summary>
    [JsonIgnore]
    public Revision? Revision { get; init; }
}
