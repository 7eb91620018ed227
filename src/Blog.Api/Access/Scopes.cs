namespace Blog.Api.Access;

/// <summary>The rights of a token, as its claim <c>scope</c> names them.</summary>
static class Scopes
{
    /// <summary>To read users, profiles, posts and tags.</summary>
    public const string Read = "blog:read";

    /// <summary>To write one's own, and to create users and tags. It is no right to read.</summary>
    public const string Write = "blog:write";

    /// <summary>To write whatever row, to change tags, to import and to export. Whoever has it may read and write, too.</summary>
    public const string Admin = "blog:admin";

    /// <summary>To see statements and plans: receipts, and the admin listener. No other right has it in it.</summary>
    public const string Sql = "blog:sql";

    /// <summary>All of them, from the smallest on.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write, Admin, Sql];
}
