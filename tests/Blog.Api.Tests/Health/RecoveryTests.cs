using Blog.Data.Migrations;
using Blog.LocalPostgres;

namespace Blog.Api.Tests.Health;

/// <summary>The service outlives its database: a server that is stopped and started again under the running process.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task Starts_without_its_database_and_serves_as_soon_as_it_is_there_and_again_after_an_outage()
    {
        // Run as root, PostgreSQL is another user, who must be able to pass through.
        var folder = Directory.CreateTempSubdirectory("blog-recovery-");
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var options = new LocalServerOptions { DataDirectory = folder.FullName, Durable = false };
            await using (var first = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken))
            {
                await new MigrationRunner(first.ConnectionString("postgres")).ApplyAsync(
                    TestContext.Current.CancellationToken
                );
                await using var service = await ServiceProcess.StartAsync(first.ConnectionString("blog_app"));
                Assert.Equal(201, (await service.PostAsync("/users", """{"name":"Ann"}""")).Status);

                await first.DisposeAsync();
                await AssertUnavailableAsync(service);

                await using var second = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);
                await AssertServesAsync(service);
            }

            var server = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);
            var connectionString = server.ConnectionString("blog_app");
            await server.DisposeAsync();
            await using var early = await ServiceProcess.StartAsync(connectionString);
            await AssertUnavailableAsync(early);

            await using var late = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);
            await AssertServesAsync(early);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Not only the first request: each one, and none of them a 500.</summary>
    static async Task AssertUnavailableAsync(ServiceProcess service)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            foreach (var path in (string[])["/users/1", "/users/1/profile", "/readyz"])
            {
                var answer = await service.GetAsync(path);
                Assert.Equal(
                    $$"""503 {"type":"/problems/database_unavailable","title":"Service Unavailable","status":503,"detail":"The database cannot be reached","instance":"{{path}}","code":"database_unavailable","request_id":"test"}""",
                    answer.Outcome
                );
                Assert.Equal("1", answer["Retry-After"]);
            }

            var write = await service.PostAsync("/users", """{"name":"Cid"}""");
            Assert.Equal((503, "1"), (write.Status, write["Retry-After"]));
            Assert.Equal("""200 {"status":"alive"}""", (await service.GetAsync("/livez")).Outcome);
            Assert.Equal(200, (await service.GetAsync("/")).Status);
        }
    }

    static async Task AssertServesAsync(ServiceProcess service)
    {
        Assert.Equal("""200 {"status":"ready"}""", (await service.GetAsync("/readyz")).Outcome);
        Assert.Equal(
            """200 {"name":"Ann","id":1,"profile":null,"posts":[]}""",
            (await service.GetAsync("/users/1")).Outcome
        );
        Assert.Equal(201, (await service.PutAsync("/users/1/profile", """{"bio":"b"}""")).Status);
        Assert.Equal(200, (await service.DeleteAsync("/users/1/profile")).Status);
    }
}
