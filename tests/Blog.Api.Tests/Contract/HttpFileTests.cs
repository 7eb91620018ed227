using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blog.Data;
using Blog.Data.Operate;
using Blog.Testing;

namespace Blog.Api.Tests.Contract;

/// <summary>src/Blog.Api/blog.http, read as the editors read it: requests between lines of ###, variables, named answers.</summary>
public sealed partial class HttpFileTests(BlogApi api, PostgresServer server) : ApiTest(api)
{
    static readonly IReadOnlyList<HttpFileRequest> requests = HttpFileRequest.ReadAll(CarriedFile.Read("blog.http"));

    [Fact]
    public async Task Every_request_answers_with_the_status_above_it()
    {
        var answers = await SendAllAsync(Api);

        Assert.Equal(
            requests.Select(request => $"{request.Title}: {request.Status}"),
            requests.Zip(answers, (request, answer) => $"{request.Title}: {answer.Status}")
        );
    }

    [Fact]
    public async Task All_of_them_together_send_only_what_is_in_the_catalogue_and_in_their_x_sql()
    {
        await using var own = await BlogApi.StartAsync(server);
        await own.Database.ExecuteAsync("create extension pg_stat_statements");
        var declared = JsonNode.Parse(CommittedContract.Text)!["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .SelectMany(method => method.Value!["x-sql"]!["queries"]!.AsArray())
            .Select(query => (string)query!)
            .ToHashSet(StringComparer.Ordinal);

        await SendAllAsync(own);
        await using var data = new BlogData(own.Database.SuperuserConnectionString);
        var audit = await new SqlStatistics(data).AuditAsync("blog_app", TestContext.Current.CancellationToken);

        Assert.Empty(audit.Unknown);
        Assert.True(audit.Seen.Count > 50, $"Only {audit.Seen.Count} statements were seen.");
        Assert.Empty(audit.Seen.Select(seen => seen.Query.Id).Except(declared, StringComparer.Ordinal));
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

    static async Task<List<Answer>> SendAllAsync(BlogApi to)
    {
        var all = new List<Answer>();
        var named = new Dictionary<string, Answer>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            var answer = await to.SendAsync(
                request.Method,
                Fill(request.Path, named),
                request.Body,
                [.. request.Headers.Select(header => (header.Name, Fill(header.Value, named)))]
            );
            all.Add(answer);
            if (request.Name is { } name)
                named[name] = answer;
        }

        return all;
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
