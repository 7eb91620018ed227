using Blog.Testing;

namespace Blog.Api.Tests.Admin;

/// <summary>A service whose database counts its statements; Ann, with two posts, and Bystander are in it, and Ann was read three times.</summary>
public sealed class CountedService(PostgresServer server) : IAsyncLifetime
{
    ServiceProcess? process;

    public TestDatabase Database { get; } = new(server);

    internal ServiceProcess Process => process ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.ExecuteAsync("create extension pg_stat_statements");
        process = await ServiceProcess.StartAsync(Database.AppConnectionString);
        await process.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["red"]},{"title":"U","content":"C"}]}"""
        );
        await process.PostAsync("/users", """{"name":"Bystander"}""");
        foreach (var path in (string[])["/users/1", "/users/1", "/users/1", "/tags/1"])
            await process.GetAsync(path);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        await Database.DisposeAsync();
    }
}
