namespace Blog.Data.Input;

/// <summary>What differs between a request and a line of an import.</summary>
/// <param name="PostsPerUser">How many posts may come with a user.</param>
/// <param name="RefusesUnknownMembers">Whether a member that the shape does not have is an error; ignored otherwise.</param>
public sealed record InputRules(int PostsPerUser, bool RefusesUnknownMembers)
{
    /// <summary>What messages call the text that is read.</summary>
    public string Noun { get; init; } = "body";

    /// <summary>Members of the outermost object that are neither read nor ever refused.</summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>A request body.</summary>
    public static InputRules Request { get; } = new(Limits.PostsPerUser, RefusesUnknownMembers: false);

    /// <summary>A request body under <c>Prefer: handling=strict</c>.</summary>
    public static InputRules StrictRequest { get; } = new(Limits.PostsPerUser, RefusesUnknownMembers: true);

    /// <summary>A line of an import: any number of posts, and the id that an export writes is passed over.</summary>
    public static InputRules Import { get; } =
        new(int.MaxValue, RefusesUnknownMembers: false) { Noun = "line", PassedOver = ["id"] };

    /// <summary>A line of an import under <c>Prefer: handling=strict</c>.</summary>
    public static InputRules StrictImport { get; } = Import with { RefusesUnknownMembers = true };
}
