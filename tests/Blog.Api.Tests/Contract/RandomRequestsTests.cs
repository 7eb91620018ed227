using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Blog.Data;
using Blog.Data.Operate;
using Blog.Testing;

namespace Blog.Api.Tests.Contract;

/// <summary>
/// 50,000 random requests, accepted and refused, from eight clients at once: none makes the service send anything that is not in the
/// catalogue, and together they make it send all of it.
/// </summary>
public sealed class RandomRequestsTests(PostgresServer server)
{
    const int Requests = 50_000;
    const int Clients = 8;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_but_the_catalogue_is_sent_and_all_of_it_is()
    {
        // Locks are waited for as long as it takes: a busy machine is no part of the test.
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await api.Database.ExecuteAsync("create extension pg_stat_statements");
        using var client = new HttpClient { BaseAddress = api.Address };
        // Of requests that prefer nothing themselves.
        client.DefaultRequestHeaders.Add("Prefer", "wait=30");
        var answers = new ConcurrentDictionary<int, int>();
        var wrong = new ConcurrentQueue<string>();

        await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(seed => SendAsync(client, new RandomRequests(seed), answers, wrong))
        );
        await using var data = new BlogData(api.Database.SuperuserConnectionString);
        var audit = await new SqlStatistics(data).AuditAsync("blog_app", Token);

        Assert.Empty(wrong);
        Assert.Empty(audit.Unknown);
        Assert.Equal(
            [
                // Commands of the operator, and what is only ever explained.
                "idempotency/clear_expired_keys 1",
                "operate/find_statistics 1",
                "operate/get_statistics 1",
                "operate/get_statistics 2",
                "operate/list_objects 1",
                "operate/list_objects 2",
                "operate/list_objects 3",
                "posts/reckon_found_posts 1",
                "users/find_user_names 1",
            ],
            audit.Unseen
        );
        Assert.Equal(Requests, answers.Values.Sum());
        Assert.All(
            (int[])[200, 201, 204, 304, 400, 404, 412, 422],
            status => Assert.True(answers.ContainsKey(status), $"No {status}.")
        );

        // What is not of the catalogue is named, and nothing else is.
        await api.Database.ExecuteAsync("select count(*) from blog.users where name = 'stranger'", "blog_app");
        var stranger = await new SqlStatistics(data).AuditAsync("blog_app", Token);
        Assert.Equal(
            ["select count(*) from blog.users where name = $1"],
            stranger.Unknown.Select(statement => statement.Query)
        );
    }

    static async Task SendAsync(
        HttpClient client,
        RandomRequests requests,
        ConcurrentDictionary<int, int> answers,
        ConcurrentQueue<string> wrong
    )
    {
        for (var sent = 0; sent < Requests / Clients; sent++)
        {
            using var request = requests.Next();
            using var response = await client.SendAsync(request, Token);
            var status = (int)response.StatusCode;
            answers.AddOrUpdate(status, 1, (_, count) => count + 1);
            requests.Remember(request, response.Headers.ETag?.Tag);
            var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
            var isOver =
                response.Headers.TryGetValues("Blog-SQL", out var sql)
                && !sql.Single().EndsWith("budget=ok", StringComparison.Ordinal);
            // Two writes at one place may be told to come again; nothing else may fail on this side.
            if (status >= 500 || isOver || (status >= 400) != isProblem)
            {
                wrong.Enqueue(
                    $"{request.Method} {request.RequestUri}: {status} {await response.Content.ReadAsStringAsync(Token)}"
                );
            }
        }
    }
}

/// <summary>Requests as clients of every kind send them, the same for the same seed.</summary>
sealed class RandomRequests(int seed)
{
    static readonly string[] names =
    [
        "Ann",
        "Ben",
        "Cid",
        "Dee",
        "東京",
        "",
        "O'Hara",
        "x; drop table blog.users",
        "a\u0000b",
    ];
    static readonly string[] tags =
    [
        "red",
        "blue",
        "green",
        "rare",
        "two words",
        "東京",
        " red ",
        "",
        "tag-tag-tag-tag-tag-tag-tag-tag",
    ];
    static readonly string[] words = ["first", "\"one word\"", "none -word", "東京都", "or", "'", "\""];
    static readonly string[] shapes =
    [
        "",
        "&include=tags",
        "&include=author,tags",
        "&fields=id",
        "&fields=id,nothing",
        "&include=all",
    ];
    static readonly string[] preferences =
    [
        "",
        "",
        "",
        "count=exact",
        "count=planned",
        "return=minimal",
        "handling=strict",
        "count=some",
        "handling=strict, wait=1",
    ];

    readonly Random random = new(seed);
    string? etag;
    (string Path, string Tag)? read;
    int made;

    /// <summary>An entity tag for the conditions of later requests, and what it is of.</summary>
    public void Remember(HttpRequestMessage answered, string? tag)
    {
        etag = tag ?? etag;
        if (tag is not null && answered.Method == HttpMethod.Get)
        {
            read = (answered.RequestUri!.OriginalString, tag);
        }
    }

    public HttpRequestMessage Next()
    {
        made++;
        if (read is { } again && random.Next(34) == 0)
        {
            // Whoever comes back to what they have, which nobody may have changed meanwhile.
            var request = new HttpRequestMessage(HttpMethod.Get, again.Path);
            request.Headers.TryAddWithoutValidation("If-None-Match", again.Tag);
            return request;
        }

        var (method, path, body) = random.Next(34) switch
        {
            0 => ("POST", "/users", User()),
            1 or 2 => ("GET", $"/users/{Id()}", null),
            3 => ("GET", $"/users?limit={random.Next(0, 9)}{Shape()}", null),
            4 => ("GET", $"/users?name={Text(names)}{Shape()}", null),
            5 => ("GET", $"/users?name_prefix={Text(names)}", null),
            6 => ("PUT", $"/users/{Id()}", $$"""{"name":{{Json(names)}}}"""),
            7 => ("PATCH", $"/users/{Id()}", $$"""{"bio":{{Json(words)}}}"""),
            8 => ("DELETE", $"/users/{Id()}", null),
            9 => ("DELETE", $"/users/{Id()}?reassign_posts_to={Id()}", null),
            10 => ("GET", $"/users/{Id()}/profile", null),
            11 => ("PUT", $"/users/{Id()}/profile", $$"""{"bio":{{Json(words)}}}"""),
            12 => ("DELETE", $"/users/{Id()}/profile", null),
            13 => ("POST", $"/users/{Id()}/posts", Post()),
            14 => ("GET", $"/users/{Id()}/posts?{Filter()}", null),
            15 => ("GET", $"/posts?{Filter()}&limit={random.Next(1, 30)}", null),
            16 => ("GET", $"/posts?author_id={Id()}&{Filter()}{Shape()}", null),
            17 => ("GET", $"/posts?limit={random.Next(1, 120)}{Shape()}", null),
            18 => ("GET", $"/posts/{Id()}", null),
            19 => ("PUT", $"/posts/{Id()}", Post()),
            20 => ("PATCH", $"/posts/{Id()}", $$"""{"title":{{Json(words)}}}"""),
            21 => ("DELETE", $"/posts/{Id()}", null),
            22 => ("GET", $"/posts/{Id()}/tags", null),
            23 => ("PUT", $"/posts/{Id()}/tags", $$"""{"tag_names":{{Tags()}}}"""),
            24 => ("POST", $"/posts/{Id()}/tags", $$"""{"tag_names":{{Tags()}}}"""),
            25 => ("DELETE", $"/posts/{Id()}/tags/{Id()}", null),
            26 => ("POST", "/tags", $$"""{"name":{{Json(tags)}}}"""),
            27 => ("GET", $"/tags?{(random.Next(2) == 0 ? "name" : "name_prefix")}={Text(tags)}", null),
            28 => ("GET", $"/tags?limit={random.Next(0, 9)}{Shape()}", null),
            29 => ("GET", $"/tags/{Id()}", null),
            30 => ("PUT", $"/tags/{Id()}", $$"""{"name":"tag {{random.Next(200)}}"}"""),
            31 => ("DELETE", $"/tags/{Id()}?merge_into={Id()}", null),
            32 => random.Next(25) switch
            {
                0 => ("GET", "/export/users", null),
                < 5 => ("POST", "/import/users", User() + "\n" + User()),
                < 10 => ("GET", "/readyz", null),
                _ => ("DELETE", $"/tags/{Id()}", null),
            },
            _ => random.Next(6) switch
            {
                0 => ("GET", $"/{Text(words)}", null),
                1 => ("POST", "/users", "{"),
                2 => ("POST", "/tags", "\"red\""),
                3 => ("GET", $"/posts?{Text(words)}={Text(words)}", null),
                4 => ("PUT", "/users", User()),
                _ => ("GET", $"/users/{Text(words)}", null),
            },
        };
        return Request(method, path, body);
    }

    HttpRequestMessage Request(string method, string path, string? body)
    {
        var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(
                body,
                Encoding.UTF8,
                path == "/import/users" ? "application/x-ndjson" : "application/json"
            );
        }

        if (preferences[random.Next(preferences.Length)] is { Length: > 0 } preference)
        {
            request.Headers.Add("Prefer", preference);
        }

        if (random.Next(6) == 0 && etag is not null)
        {
            request.Headers.TryAddWithoutValidation(method == "GET" ? "If-None-Match" : "If-Match", etag);
        }

        if (random.Next(6) == 0 && method is "POST" or "PATCH")
        {
            request.Headers.Add("Idempotency-Key", random.Next(300).ToString(CultureInfo.InvariantCulture));
        }

        return request;
    }

    string Filter() =>
        random.Next(6) switch
        {
            0 => $"tag={Text(tags)}",
            1 => $"tag={Text(tags)}&tag={Text(tags)}",
            2 => $"tag_any={Text(tags)}&tag_any={Text(tags)}",
            3 => $"q={Text(words)}",
            4 => $"q={Text(words)}&tag={Text(tags)}",
            _ => "limit=3",
        };

    string User() =>
        $$"""{"name":{{Json(names)}},"bio":{{Json(words)}},"posts":[{{(random.Next(3) > 0 ? Post() : "")}}]}""";

    string Post() => $$"""{"title":{{Json(words)}},"content":{{Json(words)}},"tag_names":{{Tags()}}}""";

    string Tags() => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(tags)))}]";

    string Shape() => shapes[random.Next(shapes.Length)];

    string Id() =>
        random.Next(40) switch
        {
            0 => "0",
            1 => "99999999999999999999",
            2 => "nobody",
            // Rows come and go; about the last of them are there.
            _ => random.Next(1, 60 + (made / 5)).ToString(CultureInfo.InvariantCulture),
        };

    string Text(string[] from) => Uri.EscapeDataString(from[random.Next(from.Length)]);

    string Json(string[] from) => System.Text.Json.JsonSerializer.Serialize(from[random.Next(from.Length)]);
}
