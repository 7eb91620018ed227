using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Blog.Testing;

namespace Blog.Api.Tests.Admin;

/// <summary>The admin listener: what the operator asks, and nobody else.</summary>
public sealed class AdminTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Lists_every_file_with_its_calls_and_audits_them()
    {
        await database.ExecuteAsync("create extension if not exists pg_stat_statements");
        await using var service = await ServiceProcess.StartAsync(database.AppConnectionString);
        await service.PostAsync("/users", """{"name":"Ann"}""");
        await service.GetAsync("/users/1");
        await service.GetAsync("/users/1");

        var list = await service.GetAdminAsync("/sql");
        var shown = await service.GetAdminAsync("/sql/users/get_user");
        var plans = await service.GetAdminAsync("/sql/users/get_user/plan");
        var audit = await service.GetAdminAsync("/sql/audit");

        Assert.Equal((200, "application/json"), (list.Status, list["Content-Type"]));
        var items = Json(list)
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(item => item.GetProperty("id").GetString()!);
        Assert.Equal(2, items["users/get_user"].GetProperty("calls").GetInt64());
        Assert.Equal("GET /users/{id}", items["users/get_user"].GetProperty("used_by").GetString());
        Assert.Equal(0, items["users/delete_user"].GetProperty("calls").GetInt64());
        Assert.Equal(JsonValueKind.Null, items["users/delete_user"].GetProperty("mean_ms").ValueKind);
        Assert.Equal("users/get_user", Json(shown).GetProperty("id").GetString());
        Assert.Equal(2, Json(plans).GetProperty("items").GetArrayLength());
        Assert.Contains("users_pkey", plans.Body, StringComparison.Ordinal);
        Assert.Equal("blog_app", Json(audit).GetProperty("role").GetString());
        Assert.Equal("[]", Json(audit).GetProperty("unknown").GetRawText());
        Assert.Contains("users/delete_user 1", audit.Body, StringComparison.Ordinal);
    }

    /// <summary>
    /// A table that is made anew has another number, and up to PostgreSQL 17 its statements get other identifiers by that; from 18 on it is its name that
    /// counts.
    /// </summary>
    [Fact]
    public async Task Asks_for_the_identifiers_once_and_again_when_they_have_changed()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync("create extension pg_stat_statements");
        await using var service = await ServiceProcess.StartAsync(own.AppConnectionString);
        await service.GetAdminAsync("/sql");
        var before = await ProbesAsync();

        await service.GetAdminAsync("/sql");
        await service.GetAdminAsync("/sql/users/get_user");
        Assert.Equal(before, await ProbesAsync());

        await own.ExecuteAsync(
            """
            alter table blog.profile rename to old;
            create table blog.profile (like blog.old including all);
            grant select, insert, update, delete on blog.profile to blog_app;
            """
        );
        Assert.Equal(404, (await service.GetAsync("/users/1/profile")).Status);
        var audit = await service.GetAdminAsync("/sql/audit");
        Assert.Equal("[]", Json(audit).GetProperty("unknown").GetRawText());
        Assert.DoesNotContain("users/get_profile 1", audit.Body, StringComparison.Ordinal);

        async Task<long> ProbesAsync() =>
            Json(await service.GetAdminAsync("/sql/audit"))
                .GetProperty("driver")
                .EnumerateArray()
                .Where(driver => driver.GetProperty("name").GetString() == "probe")
                .Sum(driver => driver.GetProperty("calls").GetInt64());
    }

    [Fact]
    public async Task Each_listener_answers_its_own_paths_only()
    {
        await using var service = await ServiceProcess.StartAsync(database.AppConnectionString);

        Assert.Equal(404, (await service.GetAsync("/sql")).Status);
        Assert.Equal(404, (await service.GetAsync("/sql/audit")).Status);
        Assert.Equal(404, (await service.GetAdminAsync("/users/1")).Status);
        Assert.Equal(404, (await service.GetAdminAsync("/")).Status);
        Assert.Equal(404, (await service.GetAdminAsync("/sql/users/get_nobody")).Status);
        Assert.Equal(200, (await service.GetAdminAsync("/livez")).Status);
    }

    [Fact]
    public async Task The_second_service_of_a_machine_goes_without_and_says_so()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 5081);
        try
        {
            taken.Start();
        }
        catch (SocketException)
        {
            // Taken by somebody else, which is as good.
        }

        await using var service = await ServiceProcess.StartAsync(database.AppConnectionString, adminUrls: null);

        Assert.Equal(200, (await service.GetAsync("/readyz")).Status);
        await Eventually.HoldsAsync(
            () => service.Output.Contains("Port 5081 is taken: there is no admin listener.", StringComparison.Ordinal),
            "said so"
        );
    }

    [Fact]
    public async Task Says_so_where_the_server_counts_no_statements()
    {
        await using var bare = await TestDatabase.CreateMigratedAsync(server);
        await using var service = await ServiceProcess.StartAsync(bare.AppConnectionString);

        var audit = await service.GetAdminAsync("/sql/audit");

        Assert.Equal((503, "application/problem+json"), (audit.Status, audit["Content-Type"]));
        Assert.Contains("create extension pg_stat_statements", audit.Body, StringComparison.Ordinal);
    }

    static JsonElement Json(Answer answer) => JsonDocument.Parse(answer.Body).RootElement.Clone();
}
