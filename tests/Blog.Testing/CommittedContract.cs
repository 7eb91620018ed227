using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Blog.Testing;

/// <summary>docs/openapi.json, and whether an answer is one that it promises.</summary>
public static class CommittedContract
{
    public const string Renew = "dotnet run --project src/Blog.Api -- --write-contract ../../docs/openapi.json";

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Of the connection, of the body and of a browser, not of the operation.
    static readonly string[] beneath =
    [
        "Date",
        "Content-Type",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
    ];

    public static string Text { get; } = Read();

    static JsonNode Document { get; } = JsonNode.Parse(Text)!;

    /// <summary>The path of the document that a request is for; null where it is none of them.</summary>
    public static string? TemplateOf(string path)
    {
        var asked = path.Split('?')[0];
        var segments = (asked.EndsWith('/') ? asked[..^1] : asked).Split('/');
        return Document["paths"]!
            .AsObject()
            .Select(entry => entry.Key)
            .FirstOrDefault(template =>
                template.TrimEnd('/').Split('/') is var parts
                && parts.Length == segments.Length
                && parts
                    .Zip(segments)
                    .All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0))
            );
    }

    /// <summary>Fails where the document does not know the status, the code, a header, the type or a member of the answer.</summary>
    public static void Check(Answer answer, string request)
    {
        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
        var read = method == "HEAD" ? "get" : method.ToLowerInvariant();
        if (TemplateOf(path) is not { } template || Document["paths"]![template]![read] is not { } operation)
        {
            return;
        }

        var promisedTrips = operation["x-sql"]!["queries"]!
            .AsArray()
            .Select(query => ((string)query!).Replace('/', '_'));
        Assert.Empty(TripsOf(answer).Except(promisedTrips).Select(trip => $"{request}: {trip} is not in its x-sql"));
        var promised = operation["responses"]!["" + answer.Status];
        Assert.True(promised is not null, $"{request}: {answer.Status} is not in docs/openapi.json. {answer.Body}");
        promised = Follow(promised!);
        var headers = promised["headers"]!.AsObject().Select(header => header.Key);
        Assert.Empty(
            answer
                .Headers.Keys.Except(headers, StringComparer.OrdinalIgnoreCase)
                .Except(beneath, StringComparer.OrdinalIgnoreCase)
                .Select(header => $"{request}: {answer.Status} with {header}")
        );
        if (answer.Body.Length == 0)
            return;

        var type = answer["Content-Type"]!.Split(';')[0];
        // Not of the contract: the operator may switch it on or off.
        if (type == "application/vnd.blog.plan+json")
            return;

        var content = promised["content"]?[type];
        Assert.True(content is not null, $"{request}: {answer.Status} as {type}");
        if (type is "text/html" or "application/x-ndjson")
            return;

        var body = JsonNode.Parse(answer.Body);
        if (promised["x-problem-codes"] is JsonArray codes)
            Assert.Contains((string?)body!["code"], codes.Select(code => (string?)code));
        Assert.Empty(Differences(body, content!["schema"]!, "#").Select(difference => $"{request}: {difference}"));
    }

    static string Read()
    {
        using var reader = new StreamReader(
            typeof(CommittedContract).Assembly.GetManifestResourceStream("openapi.json")!
        );
        return reader.ReadToEnd();
    }

    /// <summary>The round trips of its Server-Timing, each by the name of its file.</summary>
    static IEnumerable<string> TripsOf(Answer answer) =>
        (answer["Server-Timing"] ?? "")
            .Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(';')[0])
            .Except(["app", "db", "commit"]);

    /// <summary>What a reference stands for, and anything else itself.</summary>
    public static JsonNode Follow(JsonNode node) =>
        (string?)node["$ref"] is not { } reference
            ? node
            : reference.Split('/').Skip(1).Aggregate(node.Root, (from, name) => from[name]!);

    /// <summary>Members that are missing or not known, values of another type, texts that are longer or of another form.</summary>
    static IEnumerable<string> Differences(JsonNode? value, JsonNode schema, string place)
    {
        schema = Follow(schema);
        if (schema["oneOf"] is JsonArray choices)
            return choices.Select(choice => Differences(value, choice!, place).ToArray()).MinBy(found => found.Length)!;

        var types = schema["type"] is JsonArray several
            ? several.Select(type => (string)type!)
            : [(string)schema["type"]!];
        return !types.Contains(TypeOf(value)) ? [$"{place} is {TypeOf(value)}"]
            : value is JsonArray items
                ? items.SelectMany((item, index) => Differences(item, schema["items"]!, $"{place}/{index}"))
            : value is JsonObject members && schema["properties"] is JsonObject known
                ? members
                    .SelectMany(member =>
                        known[member.Key] is { } shape
                            ? Differences(member.Value, shape, $"{place}/{member.Key}")
                            : [$"{place}/{member.Key} is not known"]
                    )
                    .Concat(
                        (schema["required"] as JsonArray ?? [])
                            .Select(name => (string)name!)
                            .Where(name => !members.ContainsKey(name))
                            .Select(name => $"{place}/{name} is missing")
                    )
            : value?.GetValueKind() == JsonValueKind.String ? DifferencesOfText((string)value!, schema, place)
            : [];
    }

    static IEnumerable<string> DifferencesOfText(string text, JsonNode schema, string place)
    {
        if (schema["maxLength"] is { } limit && text.EnumerateRunes().Count() is var length && length > (int)limit)
            yield return $"{place} has {length} characters, above {limit}";
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, (string)pattern!, RegexOptions.None, Second))
            yield return $"{place} is not of the form {pattern}";
    }

    static string TypeOf(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonObject => "object",
            JsonArray => "array",
            _ => value.GetValueKind() switch
            {
                JsonValueKind.String => "string",
                JsonValueKind.Number => "integer",
                _ => "boolean",
            },
        };
}
