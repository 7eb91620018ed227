using Blog.Testing;

namespace Blog.Cli.Tests.Seed;

/// <summary>Made-up users, from the command to the tables.</summary>
public sealed class SeedTests(PostgresServer server)
{
    [Fact]
    public async Task Writes_users_that_an_import_stores_whole()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("insert into blog.users (name) values ('bystander')");
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var seeded = await blog.RunAsync("seed", "users.ndjson", "--users", "60", "--posts", "2", "--tags", "5");
        var imported = await blog.RunAsync("import", "users", "users.ndjson", "--json");

        Assert.Equal((0, ""), (seeded.ExitCode, seeded.Output));
        Assert.StartsWith("60 users written", seeded.Error, StringComparison.Ordinal);
        Assert.Equal("""{"$end":{"count":60}}""", (await blog.ReadLinesAsync("users.ndjson"))[^1]);
        Assert.Equal(0, imported.ExitCode);
        Assert.Equal(
            (60, 120, 360, 5),
            (
                imported.Json.GetProperty("accepted").GetInt32(),
                imported.Json.GetProperty("posts").GetInt32(),
                imported.Json.GetProperty("tag_links").GetInt32(),
                imported.Json.GetProperty("tags").GetInt32()
            )
        );
        Assert.Equal(["61"], await database.ListAsync("select count(*) from blog.users"));
        Assert.Equal(["60"], await database.ListAsync("select count(distinct name) from blog.users where id > 1"));
    }

    [Fact]
    public async Task Writes_the_same_bytes_for_the_same_seed_and_others_for_another()
    {
        using var blog = new BlogProcess();

        var one = await blog.RunAsync("seed", "--users", "50");
        var same = await blog.RunAsync("seed", "-", "--users", "50", "--seed", "1");
        var other = await blog.RunAsync("seed", "--users", "50", "--seed", "2");

        Assert.Equal(51, one.Output.Count(character => character == '\n'));
        Assert.Equal(one.Output, same.Output);
        Assert.NotEqual(one.Output, other.Output);
    }

    [Fact]
    public async Task Leaves_a_file_alone_that_is_there()
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync("users.ndjson", "mine");

        var ended = await blog.RunAsync("seed", "users.ndjson");

        Assert.Equal((2, "mine"), (ended.ExitCode, await blog.ReadAsync("users.ndjson")));
        Assert.Contains("is there already", ended.Error, StringComparison.Ordinal);
    }
}
