using Blog.Data.Users;

namespace Blog.Data.Tests;

/// <summary>Users to create.</summary>
static class Samples
{
    /// <summary>A profile, two posts, three links to two tags.</summary>
    public static UserCreate Ann { get; } =
        new("Ann", "Writes.", [new("First", "One.", ["red", "blue"]), new("Second", "", ["blue"])]);

    /// <summary>The bystander: nothing of Ann's may ever show up here, nor the other way round.</summary>
    public static UserCreate Ben { get; } = new("Ben", "Reads.", [new("Other", "Two.", ["blue", "green"])]);
}
