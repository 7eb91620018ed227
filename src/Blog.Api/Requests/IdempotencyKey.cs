using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Blog.Api.Access;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Idempotency;
using Blog.Data.Input;

namespace Blog.Api.Requests;

/// <summary>
/// The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header): a structured string, or the same without its quotes.
/// </summary>
public sealed class IdempotencyKey
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>What is sent before a write with a key, and behind it.</summary>
    internal const string ClaimQuery = "idempotency/claim_key";

    /// <inheritdoc cref="ClaimQuery" />
    internal const string AnswerQuery = "idempotency/commit_answer";

    const int MaxLength = 255;

    readonly HttpContext context;
    readonly byte[] scope;

    IdempotencyKey(HttpContext context, string key)
    {
        this.context = context;
        scope = ScopeOf(Caller.Of(context), context.Request, key);
    }

    /// <summary>Binds the parameter of an endpoint; null where the request has no such header.</summary>
    /// <exception cref="InvalidHeaderException">It is no such key.</exception>
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context) =>
        ValueTask.FromResult(
            context.Request.Headers[Header] is not { Count: > 0 } values ? null
            : values is [{ } value] && Read(value) is { Length: > 0 and <= MaxLength } key
                ? new IdempotencyKey(context, key)
            : throw new InvalidHeaderException(
                Header,
                $"One key of 1 to {MaxLength} printable ASCII characters belongs here, in double quotes or without."
            )
        );

    /// <summary>Makes a write one that is done once, and its answer one that is stored.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="show">Makes the answer of what was written, as the endpoint does.</param>
    public Once<TWritten> For<TBody, TWritten>(Body<TBody> body, Func<TWritten, IResult> show)
        where TBody : IInput<TBody> =>
        new(
            scope,
            FingerprintOf(body.Bytes.Span),
            async written =>
            {
                var answer = await Answered.RecordAsync(show(written), context);
                context.Features.Set(answer);
                return answer;
            }
        );

    /// <returns>Null where it is neither a structured string (RFC 9651, section 3.3.3) nor one without its quotes.</returns>
    static string? Read(string value) =>
        value is ['"', .. var quoted, '"'] ? ReadQuoted(quoted)
        : value.All(character => character is > ' ' and <= '~' and not ('"' or '\\' or ',' or ';')) ? value
        : null;

    static string? ReadQuoted(string quoted)
    {
        var key = new StringBuilder(quoted.Length);
        for (var at = 0; at < quoted.Length; at++)
        {
            if (quoted[at] == '\\')
            {
                at++;
                if (at == quoted.Length || quoted[at] is not ('"' or '\\'))
                {
                    return null;
                }
            }
            else if (quoted[at] is < ' ' or > '~' or '"')
            {
                return null;
            }

            key.Append(quoted[at]);
        }

        return key.ToString();
    }

    /// <summary>The keys of one are not those of another. Nothing in it can hold a line feed: method and key are of printable ASCII, path and query are escaped.</summary>
    static byte[] ScopeOf(Caller caller, HttpRequest request, string key)
    {
        var path = $"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}".TrimEnd('/');
        return SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Join('\n', caller.Principal, request.Method, path, request.QueryString.ToUriComponent(), key)
            )
        );
    }

    /// <summary>A repeat that wants another shape of answer is another request; one under another condition is not (decision 0011).</summary>
    byte[] FingerprintOf(ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var wantsBody = Preferences.Of(context).PrefersNoBody ? "minimal" : "representation";
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.ContentType}\n{wantsBody}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}

/// <summary>A write that heeds an Idempotency-Key.</summary>
sealed record TakesIdempotencyKey;

static class IdempotentWrites
{
    /// <summary>With an Idempotency-Key the operation is done once, and every repeat of it gets the answer of the first.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new TakesIdempotencyKey()).AddEndpointFilter(AnswerAsync);

    /// <summary>Whether it was done is written under its key: where the connection was lost on the way, it is asked once more.</summary>
    static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await AnswerOnceAsync(context, next);
        }
        catch (OutcomeUnknownException) when (context.HttpContext.Request.Headers.ContainsKey(IdempotencyKey.Header))
        {
            return await ResolveAsync(context, next);
        }
    }

    static async ValueTask<object?> ResolveAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        Attempts.BeginAgain(context.HttpContext);
        try
        {
            return await AnswerOnceAsync(context, next);
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException)
        {
            throw new OutcomeUnknownException(failure);
        }
    }

    /// <summary>Sends what was stored, the first time as well.</summary>
    static async ValueTask<object?> AnswerOnceAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        try
        {
            var result = await next(context);
            return context.HttpContext.Features.Get<StoredAnswer>() is { } stored ? new Answered(stored) : result;
        }
        catch (AnsweredBeforeException before)
        {
            return new Answered(before.Answer, isReplay: true);
        }
    }
}
