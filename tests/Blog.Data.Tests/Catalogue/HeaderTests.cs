using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Tests.Catalogue;

/// <summary>The routes that a header names are those that send the file, as <c>x-sql</c> of docs/openapi.json says, which every answer of a test is held against.</summary>
public sealed partial class HeaderTests
{
    /// <summary>Those that are sent behind whatever has a key, or has met a tag, say that and name no route.</summary>
    static readonly string[] saidInWords = ["idempotency/claim_key", "idempotency/commit_answer", "tags/get_tag_names"];

    static readonly ILookup<string, string> senders = Senders();

    public static TheoryData<string> Queries => [.. QueryCatalogue.All.Select(query => query.Id).Except(saidInWords)];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Names_the_routes_that_send_the_file_and_no_others(string id)
    {
        var query = QueryCatalogue.Find(id);
        var first = RoutesIn(query.UsedBy);
        var note = RoutesIn(query.Header.GetValueOrDefault("note", ""));

        Assert.Empty(first.Except(senders[id]));
        Assert.Empty(senders[id].Except(first.Concat(note)));
    }

    [Fact]
    public void Those_that_say_it_in_words_name_no_route()
    {
        Assert.All(saidInWords, id => Assert.Empty(RoutesIn(QueryCatalogue.Find(id).UsedBy)));
        Assert.All(saidInWords, id => Assert.NotEmpty(senders[id]));
    }

    [Theory]
    [InlineData("GET /users/{id} with If-None-Match", "GET /users/{id}")]
    [InlineData("GET /posts?author_id&q and GET /users/{id}/posts?q", "GET /posts", "GET /users/{id}/posts")]
    [InlineData(
        "PUT, PATCH and DELETE /tags/{id}; POST /tags, blog import users",
        "PUT /tags/{id}",
        "DELETE /tags/{id}",
        "POST /tags"
    )]
    [InlineData("GET /sql, a route of the admin listener")]
    public void Reads_routes_of_the_contract(string text, params string[] routes) =>
        Assert.Equal(routes, RoutesIn(text));

    /// <summary>Those of the contract; the admin listener has others.</summary>
    static string[] RoutesIn(string text) =>
        [
            .. Routes()
                .Matches(text)
                .SelectMany(named =>
                    named.Groups["method"].Captures.Select(method => $"{method.Value} {named.Groups["path"].Value}")
                )
                .Where(route => senders.SelectMany(sender => sender).Contains(route)),
        ];

    /// <summary>The routes of the contract, by the queries that they send.</summary>
    static ILookup<string, string> Senders()
    {
        using var contract = JsonDocument.Parse(Repository.Read("docs/openapi.json"));
        return contract
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .SelectMany(method =>
                        method
                            .Value.GetProperty("x-sql")
                            .GetProperty("queries")
                            .EnumerateArray()
                            .Select(query =>
                                (Query: query.GetString()!, Route: $"{method.Name.ToUpperInvariant()} {path.Name}")
                            )
                    )
            )
            .ToLookup(pair => pair.Query, pair => pair.Route, StringComparer.Ordinal);
    }

    [GeneratedRegex(
        @"((?<method>GET|POST|PUT|PATCH|DELETE)(, | and | ))+(?<path>/[a-z{}_/]*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Routes();
}
