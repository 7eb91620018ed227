using Blog.Api.Problems;

namespace Blog.Api.Access;

/// <summary>How it is said that a request may not be (RFC 6750, section 3): the header names an error only where a token was sent.</summary>
static class Refusals
{
    const string Scheme = "Bearer realm=\"blog\"";

    /// <summary>No token was sent.</summary>
    public static Problem Unauthenticated(string scope) =>
        KnownProblems.Unauthenticated with
        {
            Challenge = $"{Scheme}, scope=\"{scope}\"",
        };

    /// <summary>One was sent that does not count.</summary>
    /// <param name="fault">What is wrong with it; one of a few texts, none of them from outside.</param>
    public static Problem InvalidToken(string fault) =>
        KnownProblems.Unauthenticated with
        {
            Detail = fault,
            Challenge = $"{Scheme}, error=\"invalid_token\", error_description=\"{fault}\"",
        };

    /// <summary>One was sent, and lacks the right.</summary>
    public static Problem Forbidden(string scope) =>
        KnownProblems.Forbidden with
        {
            Detail = $"The token does not have the right {scope}",
            Challenge = $"{Scheme}, error=\"insufficient_scope\", scope=\"{scope}\"",
        };

    /// <summary>What stands against a caller who needs a right; null where nothing does.</summary>
    public static Problem? Of(Caller caller, string scope) =>
        caller.Has(scope) ? null
        : caller.IsSignedIn ? Forbidden(scope)
        : Unauthenticated(scope);
}
