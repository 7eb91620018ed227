using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blog.Testing;

namespace Blog.Api.Tests.Access;

/// <summary>Every operation with every kind of caller.</summary>
public sealed partial class MatrixTests(PostgresServer server)
{
    /// <summary>What each operation needs. One that is not here fails the tests.</summary>
    static readonly Dictionary<string, string> needs = new(StringComparer.Ordinal)
    {
        ["GET /"] = "open",
        ["GET /docs"] = "open",
        ["GET /livez"] = "open",
        ["GET /openapi/v1.json"] = "open",
        ["GET /problems/{code}"] = "open",
        ["GET /readyz"] = "open",
        ["GET /posts"] = "blog:read",
        ["GET /posts/{id}"] = "blog:read",
        ["GET /posts/{id}/tags"] = "blog:read",
        ["GET /tags"] = "blog:read",
        ["GET /tags/{id}"] = "blog:read",
        ["GET /users"] = "blog:read",
        ["GET /users/{id}"] = "blog:read",
        ["GET /users/{id}/posts"] = "blog:read",
        ["GET /users/{id}/profile"] = "blog:read",
        ["DELETE /posts/{id}"] = "blog:write",
        ["DELETE /posts/{id}/tags/{tag_id}"] = "blog:write",
        ["DELETE /users/{id}"] = "blog:write",
        ["DELETE /users/{id}/profile"] = "blog:write",
        ["PATCH /posts/{id}"] = "blog:write",
        ["PATCH /users/{id}"] = "blog:write",
        ["POST /posts/{id}/tags"] = "blog:write",
        ["POST /tags"] = "blog:write",
        ["POST /users"] = "blog:write",
        ["POST /users/{id}/posts"] = "blog:write",
        ["PUT /posts/{id}"] = "blog:write",
        ["PUT /posts/{id}/tags"] = "blog:write",
        ["PUT /users/{id}"] = "blog:write",
        ["PUT /users/{id}/profile"] = "blog:write",
        ["DELETE /tags/{id}"] = "blog:admin",
        ["GET /export/users"] = "blog:admin",
        ["POST /import/users"] = "blog:admin",
        ["PUT /tags/{id}"] = "blog:admin",
    };

    static IEnumerable<(string Route, JsonNode Operation)> Operations { get; } =
        JsonNode.Parse(CommittedContract.Text)!["paths"]!
            .AsObject()
            .SelectMany(path =>
                path.Value!.AsObject().Select(entry => ($"{entry.Key.ToUpperInvariant()} {path.Key}", entry.Value!))
            )
            .ToArray();

    [Fact]
    public void The_contract_says_of_every_operation_what_it_needs() =>
        Assert.Equal(
            needs.Select(need => $"{need.Key}: {need.Value}").Order(StringComparer.Ordinal),
            Operations
                .Select(one => $"{one.Route}: {(string?)one.Operation["x-scope"] ?? "open"}")
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_contract_asks_for_a_token_wherever_there_is_a_scope() =>
        Assert.All(
            Operations,
            one =>
                Assert.Equal(
                    (one.Route, one.Operation["x-scope"] is null ? "[]" : """[{"token":[]}]"""),
                    (one.Route, one.Operation["security"]!.ToJsonString())
                )
        );

    [Fact]
    public void The_page_for_operators_says_the_same()
    {
        var page = CarriedFile.Read("authentication.md");

        var said = Row()
            .Matches(page)
            .SelectMany(
                row => Route().Matches(row.Groups["routes"].Value),
                (row, route) => $"{route.Value}: {row.Groups["scope"].Value}"
            )
            .Order(StringComparer.Ordinal);

        Assert.Equal(needs.Select(need => $"{need.Key}: {need.Value}").Order(StringComparer.Ordinal), said);
    }

    [Fact]
    public async Task Each_caller_may_what_the_scopes_say_and_nothing_else()
    {
        await using var secured = await SecuredApi.StartAsync(server);
        using var stranger = RSA.Create(2048);
        var publicKey = stranger.ExportSubjectPublicKeyInfoPem();
        var now = secured.Clock.GetUtcNow();
        (string Name, string? Token, string Expected)[] callers =
        [
            ("nobody", null, "open 200, blog:read 401, blog:write 401, blog:admin 401"),
            ("no scope", Token(scope: null), "open 200, blog:read 403, blog:write 403, blog:admin 403"),
            ("a reader", Token("blog:read"), "open 200, blog:read 200, blog:write 403, blog:admin 403"),
            ("a writer", Token("blog:write"), "open 200, blog:read 403, blog:write 200, blog:admin 403"),
            ("both", Token("blog:read blog:write"), "open 200, blog:read 200, blog:write 200, blog:admin 403"),
            ("an administrator", Token("blog:admin"), "open 200, blog:read 200, blog:write 200, blog:admin 200"),
            ("who sees SQL", Token("blog:sql"), "open 200, blog:read 403, blog:write 403, blog:admin 403"),
            (
                "who looks like one",
                Token("blog:admins BLOG:ADMIN xblog:admin"),
                "open 200, blog:read 403, blog:write 403, blog:admin 403"
            ),
            ("another issuer", Token("blog:admin", ("iss", "https://other.example")), Refused),
            ("another audience", Token("blog:admin", ("aud", "shop")), Refused),
            ("expired", Token("blog:admin", ("exp", now.AddHours(-1).ToUnixTimeSeconds())), Refused),
            ("not yet valid", Token("blog:admin", ("nbf", now.AddHours(1).ToUnixTimeSeconds())), Refused),
            ("another secret", Tokens.Sign(secured.Claims(scope: "blog:admin"), secret: new string('x', 40)), Refused),
            ("alg none", Tokens.Sign(secured.Claims(scope: "blog:admin"), """{"alg":"none"}""", _ => []), Refused),
            ("a public key as secret", Tokens.Sign(secured.Claims(scope: "blog:admin"), secret: publicKey), Refused),
        ];
        var found = new List<string>();

        foreach (var (name, token, _) in callers)
        {
            var answered = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
            foreach (var (route, _) in Operations)
            {
                var answer = await secured.Api.SendAsync(
                    route.Split(' ')[0],
                    PathOf(route),
                    body: null,
                    token is null ? [] : [Tokens.Bearer(token)]
                );
                answered.TryAdd(needs[route], []);
                answered[needs[route]].Add(Outcome(answer));
            }

            found.Add(
                $"{name}: {string.Join(", ", new[] { "open", "blog:read", "blog:write", "blog:admin" }.Select(kind => $"{kind} {string.Join('/', answered[kind])}"))}"
            );
        }

        Assert.Equal(callers.Select(caller => $"{caller.Name}: {caller.Expected}"), found);
        Assert.Equal(["0"], await secured.Api.Database.ListAsync("select count(*) from blog.users"));

        string Token(string? scope, params (string, JsonNode?)[] changes) =>
            Tokens.Sign(secured.Claims("7", scope, changes));
    }

    const string Refused = "open 200, blog:read 401, blog:write 401, blog:admin 401";

    /// <summary>Of rows that are not there, without a body: whoever is let in gets what the operation itself answers.</summary>
    static string PathOf(string route) =>
        route
            .Split(' ')[1]
            .Replace("{code}", "not_owner", StringComparison.Ordinal)
            .Replace("{id}", "999", StringComparison.Ordinal)
            .Replace("{tag_id}", "999", StringComparison.Ordinal);

    static string Outcome(Answer answer) => answer.Status is 200 or 400 or 404 or 415 ? "200" : $"{answer.Status}";

    [GeneratedRegex(
        "(?m)^\\| `?(?<scope>open|blog:[a-z]+)`? \\| (?<routes>.*) \\|$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Row();

    [GeneratedRegex("(GET|POST|PUT|PATCH|DELETE) /[^ ,]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Route();
}
