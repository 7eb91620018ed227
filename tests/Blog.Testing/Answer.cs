using Xunit;

namespace Blog.Testing;

/// <summary>What came back: the status, the body as text, and every header under its name, values joined as they were sent.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Status and body in one text, so that one comparison shows both.</summary>
    public string Outcome => Body.Length == 0 ? $"{Status}" : $"{Status} {Body}";

    /// <summary>A header; null where it was not sent.</summary>
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var headers = response
            .Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, body, headers);
    }
}
