using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Blog.Api.Tests.Contract;

/// <summary>src/Blog.Api/blog.http, read as the editors read it: requests between lines of ###, variables, named answers.</summary>
public sealed partial class HttpFileTests(BlogApi api) : ApiTest(api)
{
    static readonly IReadOnlyList<HttpFileRequest> requests = HttpFileRequest.ReadAll(
        CommittedContract.Read("blog.http")
    );

    [Fact]
    public async Task Every_request_answers_with_the_status_above_it()
    {
        var answers = new Dictionary<string, Answer>(StringComparer.Ordinal);
        var statuses = new List<string>();
        foreach (var request in requests)
        {
            var answer = await Api.SendAsync(
                request.Method,
                Fill(request.Path, answers),
                request.Body,
                [.. request.Headers.Select(header => (header.Name, Fill(header.Value, answers)))]
            );
            statuses.Add($"{request.Title}: {answer.Status}");
            if (request.Name is { } name)
                answers[name] = answer;
        }

        Assert.Equal(requests.Select(request => $"{request.Title}: {request.Status}"), statuses);
    }

    [Fact]
    public void Every_operation_has_a_request()
    {
        var operations = JsonNode.Parse(CommittedContract.Text)!["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(entry => $"{entry.Key.ToUpperInvariant()} {path.Key}"));

        Assert.Empty(
            operations.Except(
                requests.Select(request =>
                    $"{request.Method} {CommittedContract.TemplateOf(Variable().Replace(request.Path, "1"))}"
                ),
                StringComparer.Ordinal
            )
        );
    }

    /// <summary>Puts in what earlier answers said: a member of the body, or a header.</summary>
    static string Fill(string text, Dictionary<string, Answer> answers) =>
        Variable()
            .Replace(
                text,
                match =>
                    answers[match.Groups["name"].Value] is var answer && match.Groups["member"].Success
                        ? JsonNode.Parse(answer.Body)![match.Groups["member"].Value]!.ToString()
                        : answer[match.Groups["header"].Value]!
            );

    [GeneratedRegex(
        @"\{\{(?<name>\w+)\.response\.(body\.\$\.(?<member>\w+)|headers\.(?<header>[\w-]+))\}\}",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Variable();
}

/// <summary>One request of the file.</summary>
/// <param name="Title">What it is for.</param>
/// <param name="Status">What it is to answer with.</param>
/// <param name="Name">Under which later requests speak of its answer; null where none does.</param>
/// <param name="Path">Without the host.</param>
/// <param name="Body">Null where there is none.</param>
sealed partial record HttpFileRequest(
    string Title,
    int Status,
    string? Name,
    string Method,
    string Path,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? Body
)
{
    const string Host = "{{host}}";

    public static IReadOnlyList<HttpFileRequest> ReadAll(string file) =>
        [.. file.ReplaceLineEndings("\n").Split("\n###").Skip(1).Select(Read)];

    static HttpFileRequest Read(string text)
    {
        var parts = text.Split("\n\n", 2, StringSplitOptions.TrimEntries);
        var lines = parts[0].Split('\n');
        var title = Heading().Match(lines[0]);
        Assert.True(title.Success, $"No status stands above this request: {text}");
        var name = lines
            .FirstOrDefault(line => line.StartsWith("# @name ", StringComparison.Ordinal))
            ?["# @name ".Length..];
        var said = lines.Skip(1).Where(line => !line.StartsWith('#')).ToArray();
        var request = said[0].Split(' ', 2);
        Assert.StartsWith(Host, request[1], StringComparison.Ordinal);
        return new(
            title.Groups["title"].Value,
            int.Parse(title.Groups["status"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
            name,
            request[0],
            request[1][Host.Length..],
            [.. said.Skip(1).Select(line => line.Split(": ", 2)).Select(header => (header[0], header[1]))],
            parts is [_, { Length: > 0 } body] ? body : null
        );
    }

    [GeneratedRegex("^(?<title>.+): (?<status>[1-5][0-9]{2})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();
}
