using Blog.Api.Problems;

namespace Blog.Api.Access;

/// <summary>Finds out who asks and whether they may, before anything else of the request is looked at.</summary>
/// <param name="settings">Who may do what.</param>
/// <param name="tokens">Null where nobody signs in.</param>
sealed class AccessRules(AccessSettings settings, TokenCheck? tokens)
{
    const string Scheme = "Bearer ";

    /// <summary>Lets pass whoever may; 401 or 403 for everybody else. What routing has found nothing for passes.</summary>
    public async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        if (tokens is null)
        {
            context.Features.Set(Caller.Anybody);
        }
        else if (await FindProblemAsync(context, tokens) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    async ValueTask<Problem?> FindProblemAsync(HttpContext context, TokenCheck check)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint || RequiredScope.Of(endpoint) is not { } scope)
        {
            return null;
        }

        var isForAll = scope == Scopes.Read && settings.Tokens!.AnonymousReads;
        if (TokenOf(context.Request) is not { } token)
        {
            return isForAll ? null : Refusals.Unauthenticated(scope);
        }

        var (caller, fault) = await check.CheckAsync(token);
        if (caller is null)
        {
            return Refusals.InvalidToken(fault!);
        }

        context.Features.Set(caller);
        return isForAll ? null : Refusals.Of(caller, scope);
    }

    /// <summary>Only from the header: an address is kept in logs and histories.</summary>
    static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
}
