using Blog.Testing;

namespace Blog.Api.Tests.Health;

public sealed class DatabaseWarningTests(PostgresServer server)
{
    const string Warning = "Warning: The database at ";

    [Fact]
    public async Task A_way_to_the_database_that_is_open_is_said_at_the_start()
    {
        // The last one counts, and nobody is there.
        await using var open = await BlogApi.StartAsync(server, ";Host=192.0.2.1;Timeout=1");
        await using var verified = await BlogApi.StartAsync(server, ";Host=192.0.2.1;Timeout=1;SSL Mode=VerifyFull");
        await using var own = await BlogApi.StartAsync(server);

        Assert.Contains(
            open.Log,
            line =>
                line.Trim()
                == Warning + "192.0.2.1 need not prove who it is: SSL Mode=VerifyFull is not in the connection string"
        );
        foreach (var api in (BlogApi[])[verified, own])
            Assert.DoesNotContain(api.Log, line => line.StartsWith(Warning, StringComparison.Ordinal));
    }
}
