using System.Globalization;
using System.Text;
using Blog.Testing;

namespace Blog.Cli.Tests.Import;

/// <summary>An import that is ended from outside, with a file that takes far longer than the tests wait.</summary>
public sealed class InterruptionTests(PostgresServer server)
{
    const int Lines = 20_000;

    [Fact(Timeout = 180_000)]
    public async Task Leaves_whole_lines_only_when_it_is_killed()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await WriteFileAsync(blog);
        using var process = blog.Start("import", "users", "many.ndjson", "--json");
        await Eventually.HoldsAsync(
            async () => await CountAsync(database) >= 120,
            "the first lines are stored",
            seconds: 120
        );

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(
            async () =>
                (
                    await database.ListAsync(
                        "select 1 from pg_stat_activity where usename = 'blog_app' and datname = current_database()"
                    )
                ).Length == 0,
            "the session of the killed process has ended",
            seconds: 120
        );
        await AssertWholeLinesAsync(database);
    }

    [Theory(Timeout = 180_000)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Says_what_it_has_stored_when_it_is_interrupted(string signal)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await WriteFileAsync(blog);
        using var process = blog.Start("import", "users", "many.ndjson", "--json");
        await Eventually.HoldsAsync(
            async () => await CountAsync(database) >= 120,
            "the first lines are stored",
            seconds: 120
        );

        await BlogProcess.SignalAsync(process, signal);
        var ended = await BlogProcess.EndAsync(process);

        Assert.Equal(130, ended.ExitCode);
        Assert.StartsWith("Interrupted. ", ended.Error, StringComparison.Ordinal);
        Assert.Equal(await AssertWholeLinesAsync(database), ended.Json.GetProperty("accepted").GetInt32());
    }

    [Fact(Timeout = 180_000)]
    public async Task Stores_nothing_when_it_is_interrupted_in_mode_atomic()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await WriteFileAsync(blog);
        using var process = blog.Start("import", "users", "many.ndjson", "--json", "--mode", "atomic");
        // A sequence shows from outside that users are being written.
        await Eventually.HoldsAsync(
            async () => (await database.ListAsync("select 1 from blog.users_id_seq where last_value > 20")).Length == 1,
            "users are being written",
            seconds: 120
        );

        await BlogProcess.SignalAsync(process, "INT");
        var ended = await BlogProcess.EndAsync(process);

        Assert.Equal(130, ended.ExitCode);
        Assert.Equal(0, ended.Json.GetProperty("accepted").GetInt32());
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact(Timeout = 180_000)]
    public async Task Ends_at_once_while_it_waits_for_input()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        using var process = blog.Start("import", "users", "-", "--json");
        await process.StandardInput.WriteAsync("{\"name\":\"Sent\"}\n{\"name\":\"Not wh");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            async () => await CountAsync(database) == 1,
            "the first lines are stored",
            seconds: 120
        );

        await BlogProcess.SignalAsync(process, "INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Equal(["Sent"], await database.ListAsync("select name from blog.users"));
    }

    static async Task WriteFileAsync(BlogProcess blog)
    {
        var text = new StringBuilder();
        for (var line = 1; line <= Lines; line++)
        {
            var posts = Enumerable
                .Range(1, line % 4)
                .Select(post =>
                    $$"""{"title":"{{line}}.{{post}}","content":"c","tag_names":["tag {{line % 300}}","tag {{line}}"]}"""
                );
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $$"""{"name":"user {{line}}","bio":"b","posts":[{{string.Join(',', posts)}}]}"""
            );
        }

        await blog.WriteAsync("many.ndjson", text.ToString());
    }

    /// <returns>How many lines are stored: the first ones of the file, each with all that belongs to it.</returns>
    static async Task<int> AssertWholeLinesAsync(TestDatabase database)
    {
        var stored = await database.ListAsync(
            """
            select concat_ws(' ', u.name, p.bio,
              (select count(*) from blog.post where author_id = u.id),
              (select count(*) from blog.post join blog.post_tag on post_id = post.id where author_id = u.id))
            from blog.users u left join blog.profile p on p.user_id = u.id
            order by u.id
            """
        );
        Assert.InRange(stored.Length, 120, Lines - 1);
        Assert.Equal(
            Enumerable
                .Range(1, stored.Length)
                .Select(line => $"user {line} b {line % 4} {line % 4 * (line < 300 ? 1 : 2)}"),
            stored
        );
        return stored.Length;
    }

    static async Task<int> CountAsync(TestDatabase database) =>
        int.Parse((await database.ListAsync("select count(*) from blog.users"))[0], CultureInfo.InvariantCulture);
}
