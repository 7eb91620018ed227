using System.Globalization;

namespace Blog.Api.Access;

/// <summary>Who sent a request, and what is theirs.</summary>
public sealed record Caller
{
    /// <summary>The owner of no row: identities begin with 1.</summary>
    public const long NoOwner = 0;

    Caller(string principal) => Principal = principal;

    /// <summary>Whoever asks where nobody signs in: may write whatever row.</summary>
    public static Caller Anybody { get; } =
        new("anonymous") { MayWriteEverything = true, GrantedScopes = Scopes.All.ToHashSet(StringComparer.Ordinal) };

    /// <summary>Whoever asks without a token where others sign in: owns nothing.</summary>
    public static Caller Nobody { get; } = new("anonymous");

    /// <summary>
    /// Whose Idempotency-Keys and rates are one: <c>anonymous</c>, or subject and issuer. Never with a line feed.
    /// </summary>
    public string Principal { get; }

    /// <summary>The user that the token speaks for; null where there is no token, or its subject is no user's id.</summary>
    public long? Subject { get; private init; }

    /// <summary>Whether rows of others may be written, too.</summary>
    public bool MayWriteEverything { get; private init; }

    /// <summary>
    /// Whose rows may be written. Null: whosever they are. <see cref="NoOwner"/> where the caller is no user: no row is theirs.
    /// </summary>
    public long? OwnerId => MayWriteEverything ? null : Subject ?? NoOwner;

    /// <summary>Whether there is a token.</summary>
    internal bool IsSignedIn { get; private init; }

    /// <summary>The rights of the token, as it names them.</summary>
    internal IReadOnlySet<string> GrantedScopes { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Who sent this request; <see cref="Nobody"/> where it has not been found out.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Nobody;

    /// <summary>Binds the parameter of an endpoint.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    /// <summary>Whoever has a token.</summary>
    /// <param name="issuer">Who made the token.</param>
    /// <param name="subject">Whom it speaks for: a user's id, or anything else.</param>
    /// <param name="scopes">Its rights.</param>
    internal static Caller Signed(string issuer, string subject, IReadOnlySet<string> scopes) =>
        new($"{Uri.EscapeDataString(subject)}@{issuer}")
        {
            IsSignedIn = true,
            Subject = UserIdOf(subject),
            MayWriteEverything = scopes.Contains(Scopes.Admin),
            GrantedScopes = scopes,
        };

    /// <summary>Whether the token has a right. Administrators may read and write; what SQL shows is a right by itself.</summary>
    internal bool Has(string scope) =>
        GrantedScopes.Contains(scope) || (scope is Scopes.Read or Scopes.Write && GrantedScopes.Contains(Scopes.Admin));

    /// <summary>Written in one way only, so that no two subjects are one user.</summary>
    static long? UserIdOf(string subject) =>
        long.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && id > NoOwner
        && subject[0] != '0'
            ? id
            : null;
}
