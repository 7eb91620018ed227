namespace Blog.Bench.Requests;

/// <summary>What is measured, as the report calls it.</summary>
static class Endpoints
{
    public const string Graph = "GET /users/{id}";
    public const string Page = "GET /posts page";
    public const string Create = "POST /users";
    public const string Unchanged = "GET /users/{id} answered 304";

    public const string PagePath = "/posts?limit=20&include=tags,author";

    public static string User(long id) => FormattableString.Invariant($"/users/{id}");

    public static string PageOfPeer(long before) => FormattableString.Invariant($"{PagePath}&before={before}");

    public static string PageOfOurs(CursorHead head, long before) => $"{PagePath}&cursor={head.Before(before)}";
}
