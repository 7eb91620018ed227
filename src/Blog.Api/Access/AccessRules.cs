using Blog.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Blog.Api.Access;

/// <summary>Finds out who asks and whether they may, before anything else of the request is looked at.</summary>
/// <param name="settings">Who may do what.</param>
sealed class AccessRules(AccessSettings settings)
{
    /// <summary>Lets pass whoever may; 401 or 403 for everybody else. What routing has found nothing for passes.</summary>
    public async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        if (settings.Tokens is not { } tokens)
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

    static async ValueTask<Problem?> FindProblemAsync(HttpContext context, TokenSettings tokens)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint || RequiredScope.Of(endpoint) is not { } scope)
        {
            return null;
        }

        // Only from the header: an address is kept in logs and histories.
        var signedIn = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        var isForAll = scope == Scopes.Read && tokens.AnonymousReads;
        return signedIn.Failure is { } failure ? Refusals.InvalidToken(TokenRules.Explain(failure))
            : isForAll ? null
            : signedIn.None ? Refusals.Unauthenticated(scope)
            : Refusals.Of(Caller.Of(context), scope);
    }
}
