using System.Collections.Concurrent;
using System.Text.Json;
using Blog.Testing;

namespace Blog.Api.Tests;

public sealed class ProcessTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    const int Clients = 8;
    const int PostsPerUser = 5;

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Without_a_connection_string_it_says_which_setting_is_missing_and_fails(string environment)
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(environment);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("No connection string. Set ConnectionStrings__Blog", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_in_the_middle_of_writes_it_leaves_whole_users_only_and_loses_none_that_it_acknowledged()
    {
        for (var round = 0; round < 3; round++)
        {
            var acknowledged = new ConcurrentBag<long>();
            await using (var service = await ServiceProcess.StartAsync(database.AppConnectionString))
            {
                var clients = Enumerable
                    .Range(0, Clients)
                    .Select(client => WriteUntilItDiesAsync(service, $"{round} {client}", acknowledged))
                    .ToArray();
                // In the middle: everybody is writing, and some have been answered.
                await Eventually.HoldsAsync(
                    () => acknowledged.Count >= 5 * Clients,
                    "five answers a client",
                    seconds: 30
                );
                await service.KillAsync();
                await Task.WhenAll(clients);
            }

            // The server may still be busy with the statements of connections that are gone.
            await Eventually.HoldsAsync(
                async () =>
                    await database.ListAsync(
                        "select count(*) from pg_stat_activity where datname = current_database() and usename = 'blog_app'"
                    )
                        is ["0"],
                "every connection of the killed process closed",
                seconds: 30
            );
            Assert.Empty(
                await database.ListAsync(
                    $"""
                    select u.id
                    from blog.users u
                    left join blog.profile f on f.user_id = u.id
                    left join blog.post p on p.author_id = u.id
                    left join blog.post_tag l on l.post_id = p.id
                    left join blog.tag t on t.id = l.tag_id
                    group by u.id, u.name, f.bio
                    having f.bio is distinct from 'bio of ' || u.name
                      or count(distinct p.id) <> {PostsPerUser} or count(t.id) <> {PostsPerUser * 2}
                    """
                )
            );
            var stored = await database.ListAsync("select id from blog.users");
            Assert.Empty(acknowledged.Select(id => $"{id}").Except(stored, StringComparer.Ordinal));
        }
    }

    [Theory]
    // The effect is on its way: the service never came to the record.
    [InlineData("before insert on blog.tag", null)]
    // The record and the commit are on their way: only the answer is lost.
    [InlineData("before update on blog.idempotency_key", "?1")]
    public async Task Killed_before_it_answered_it_does_the_repeat_of_a_write_with_a_key_once_in_all(
        string heldUp,
        string? replayed
    )
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync(
            $"""
            insert into blog.users (name) values ('Bea');
            create function public.hold() returns trigger language plpgsql as
              'begin perform pg_advisory_xact_lock_shared(7); return new; end';
            create trigger hold {heldUp} for each row execute function public.hold();
            """
        );
        const string user = """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["new"]}]}""";
        var key = ("Idempotency-Key", "\"k\"");
        await using (var holder = await own.OpenAsync())
        {
            await using var hold = holder.CreateCommand();
            hold.CommandText = "select pg_advisory_lock(7)";
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            // The locks are waited for as long as it takes: a busy machine is no part of the test.
            await using var service = await ServiceProcess.StartAsync(
                own.AppConnectionString + ";Options=-c lock_timeout=30s -c statement_timeout=60s"
            );
            var lost = service.PostAsync("/users", user, key);
            await Eventually.HoldsAsync(
                async () =>
                    await own.ListAsync(
                        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                    )
                        is ["1"],
                "the write is held up",
                seconds: 30
            );
            await service.KillAsync();
            await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        }

        await Eventually.HoldsAsync(
            async () =>
                await own.ListAsync(
                    "select count(*) from pg_stat_activity where datname = current_database() and usename = 'blog_app'"
                )
                    is ["0"],
            "every connection of the killed process closed",
            seconds: 30
        );
        await using var next = await ServiceProcess.StartAsync(own.AppConnectionString);

        var answer = await next.PostAsync("/users", user, key);
        var again = await next.PostAsync("/users", user, key);

        Assert.Equal((201, replayed), (answer.Status, answer["Idempotency-Replayed"]));
        Assert.Equal((answer.Outcome, "?1"), (again.Outcome, again["Idempotency-Replayed"]));
        Assert.Equal(["Bea", "Ann"], await own.ListAsync("select name from blog.users order by id"));
    }

    static async Task WriteUntilItDiesAsync(ServiceProcess service, string client, ConcurrentBag<long> acknowledged)
    {
        for (var number = 0; ; number++)
        {
            var name = $"{client} {number}";
            var posts = Enumerable
                .Range(0, PostsPerUser)
                .Select(post => $$"""{"title":"T","content":"C","tag_names":["every","{{name}} {{post}}"]}""");
            try
            {
                var answer = await service.PostAsync(
                    "/users",
                    $$"""{"name":"{{name}}","bio":"bio of {{name}}","posts":[{{string.Join(',', posts)}}]}"""
                );
                Assert.Equal(201, answer.Status);
                using var user = JsonDocument.Parse(answer.Body);
                acknowledged.Add(user.RootElement.GetProperty("id").GetInt64());
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
