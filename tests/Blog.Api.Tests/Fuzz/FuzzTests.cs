using System.Collections.Concurrent;
using System.Text.Json;
using Blog.Data;
using Blog.Data.Operate;
using Blog.Testing;

namespace Blog.Api.Tests.Fuzz;

/// <summary>
/// What a client sends who has read the contract and means harm, or whose network damages what it sends. Whatever it is: it is answered as the
/// contract says, nothing fails on this side, nothing of the database shows, and who was not meant is untouched.
/// </summary>
public sealed class FuzzTests(PostgresServer server)
{
    const int Requests = 10_000;
    const int Clients = 4;
    const long Bystander = 4_000_000_000_000_000_000;

    /// <summary>Words that no request has and no answer of the contract.</summary>
    static readonly string[] leaks =
    [
        "post_tag",
        "tag_epoch",
        "schemaversions",
        "_pkey",
        "_fkey",
        "_idx",
        "blog_app",
        "Npgsql",
        "Dapper",
        "Exception",
        "   at ",
        "relation ",
        "syntax error",
        "SQLSTATE",
    ];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Hostile_values_at_every_place_of_the_contract() =>
        FuzzAsync(requests => requests.NextHostile(), seed: 1);

    [Fact]
    public Task Valid_requests_that_were_damaged() => FuzzAsync(requests => requests.NextDamaged(), seed: 101);

    async Task FuzzAsync(Func<FuzzRequests, FuzzRequest> next, int seed)
    {
        // Locks are waited for as long as it takes: a busy machine is no part of the test.
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await api.Database.ExecuteAsync(
            $"""
            create extension pg_stat_statements;
            insert into blog.users (id, name) overriding system value values ({Bystander}, 'Bea');
            insert into blog.profile (user_id, bio) values ({Bystander}, 'stands by');
            insert into blog.post (id, author_id, title, content) overriding system value values ({Bystander}, {Bystander}, 'T', 'C');
            """
        );
        var statuses = new ConcurrentDictionary<int, int>();
        var wrong = new ConcurrentQueue<string>();

        await Task.WhenAll(
            Enumerable
                .Range(seed, Clients)
                .Select(async own =>
                {
                    var requests = new FuzzRequests(own);
                    for (var sent = 0; sent < Requests / Clients; sent++)
                    {
                        await SendAsync(api, next(requests), statuses, wrong);
                    }
                })
        );

        Assert.Empty(wrong);
        Assert.Equal(Requests, statuses.Values.Sum());
        Assert.All(
            (int[])[200, 201, 400, 404, 422],
            status => Assert.True(statuses.ContainsKey(status), $"No {status}.")
        );
        await using var data = new BlogData(api.Database.SuperuserConnectionString);
        Assert.Empty((await new SqlStatistics(data).AuditAsync("blog_app", Token)).Unknown);
        Assert.Equal(
            ["Bea|1|stands by|T|C|1"],
            await api.Database.ListAsync(
                $"""
                select concat_ws('|', u.name, u.version, f.bio, p.title, p.content, p.version)
                from blog.users u join blog.profile f on f.user_id = u.id join blog.post p on p.author_id = u.id
                where u.id = {Bystander}
                """
            )
        );
        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);
    }

    /// <summary>The client of the service holds each answer against the contract: status, code, headers, type and members.</summary>
    static async Task SendAsync(
        BlogApi api,
        FuzzRequest request,
        ConcurrentDictionary<int, int> statuses,
        ConcurrentQueue<string> wrong
    )
    {
        try
        {
            var answer = await api.SendAsync(request.Method, request.Path, request.Body, [.. request.Headers]);
            statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            if (answer.Status >= 500)
            {
                wrong.Enqueue($"{request}: {answer.Outcome}");
            }
            else if (answer.Status >= 400)
            {
                foreach (var leak in LeaksIn(answer))
                    wrong.Enqueue($"{request}: {leak} in {answer.Outcome}");
            }
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            wrong.Enqueue($"{request}: {unexpected.Message}");
        }
    }

    static IEnumerable<string> LeaksIn(Answer answer)
    {
        if (answer.Body.Length == 0)
        {
            return [];
        }

        using var problem = JsonDocument.Parse(answer.Body);
        var said = string.Join(
            ' ',
            problem.RootElement.EnumerateObject().Where(member => member.Name is not ("instance" or "code" or "type"))
        );
        return leaks.Where(leak => said.Contains(leak, StringComparison.Ordinal));
    }
}
