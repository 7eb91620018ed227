using Blog.Api.Access;
using Blog.Api.Requests;
using Blog.Data;
using Microsoft.AspNetCore.Diagnostics;

namespace Blog.Api.Responses;

/// <summary>What one request may ask of the database, and what happens where it would ask more.</summary>
static class RequestBudget
{
    /// <summary>The setting: <see cref="Warn"/> where it is not set.</summary>
    public const string Setting = "Sql:Budget";

    /// <summary>What goes beyond a budget is sent, counted, logged and said in the answer.</summary>
    public const string Warn = "warn";

    /// <summary>What would go beyond a budget is refused.</summary>
    public const string Strict = "strict";

    /// <summary>Whether the setting has a value that means something.</summary>
    public static bool IsKnown(IConfiguration configuration) => configuration[Setting] is null or Warn or Strict;

    public static bool IsStrict(IConfiguration configuration) => configuration[Setting] == Strict;

    /// <summary>The budget of the operation and what its headers may cost; null where it has none: a stream, the admin listener.</summary>
    public static SqlAllowance? Of(HttpContext context)
    {
        if (EndpointOf(context)?.Metadata is not { } metadata || metadata.GetMetadata<SqlBudget>() is not { } budget)
        {
            return null;
        }

        var headers = context.Request.Headers;
        // A condition may cost one look at the revision, before a read or after a write that found no row.
        var forCondition = headers.IfMatch.Count + headers.IfNoneMatch.Count > 0 ? 1 : 0;
        // Whoever is not the owner of what is there gets another answer than whoever asks for what is not there.
        var forRefusal = OwnedByPath.LooksAtOwner(context, metadata) ? 1 : 0;
        // The key is claimed before the write, and the answer stored behind it.
        var forKey =
            headers.ContainsKey(IdempotencyKey.Header) && metadata.GetMetadata<TakesIdempotencyKey>() is not null
                ? 2
                : 0;
        var more = forCondition + forRefusal + forKey;
        return new(budget.Statements + more, budget.Trips + more);
    }

    /// <summary>The endpoint of the request, also where it ended in an exception and routing was undone.</summary>
    public static Endpoint? EndpointOf(HttpContext context) =>
        context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
}
