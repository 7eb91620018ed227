using Blog.Data.Idempotency;
using Microsoft.Net.Http.Headers;

namespace Blog.Api.Responses;

/// <summary>An answer that is stored under an Idempotency-Key, as it is sent: at once, or again.</summary>
sealed class Answered(StoredAnswer answer, bool isReplay = false) : IResult
{
    /// <summary>The header that tells a repeated answer from the first.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>What a result would send, with the headers that the endpoint has set before. Nothing is sent.</summary>
    public static async Task<StoredAnswer> RecordAsync(IResult result, HttpContext context)
    {
        var response = context.Response;
        var sent = response.Body;
        await using var body = new MemoryStream();
        response.Body = body;
        try
        {
            await result.ExecuteAsync(context);
        }
        finally
        {
            response.Body = sent;
        }

        return new(
            response.StatusCode,
            response
                .Headers.Where(header => header.Key != HeaderNames.ContentLength)
                .ToDictionary(
                    header => header.Key,
                    header => header.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase
                ),
            body.ToArray()
        );
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Clear();
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (isReplay)
        {
            // A structured boolean (RFC 9651): true.
            response.Headers[Replayed] = "?1";
        }

        if (answer.Body.Length == 0)
        {
            return Task.CompletedTask;
        }

        response.ContentLength = answer.Body.Length;
        // Also after the deadline: what is stored is not told to have failed.
        return response.Body.WriteAsync(answer.Body, 0, answer.Body.Length, CancellationToken.None);
    }
}
