using System.Text.Json;
using Blog.Testing;

namespace Blog.Cli.Tests.Import;

/// <summary><c>blog import users</c>, as a process.</summary>
public sealed class ImportUsersTests(PostgresServer server)
{
    const string Good = "{\"name\":\"Good\"}\n";
    const string TooLongName = "{\"name\":\"012345678901234567890123456789012345678901234567890\"}\n";

    [Fact]
    public async Task Sums_up_the_real_file_as_one_JSON_object()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var ended = await blog.RunAsync("import", "users", SharedData.RealBlog, "--json");

        Assert.Equal((3, ""), (ended.ExitCode, ended.Error));
        Assert.Single(ended.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal(
            [
                $"file: {SharedData.RealBlog}",
                "mode: lines",
                "lines: 182",
                "accepted: 129",
                "posts: 247",
                "tag_links: 818",
                "tags: 118",
                "skipped: 0",
                "rejected: 53",
                "violations: 108",
                "elapsed_seconds",
                "lines_per_second",
                "rejected_file: 18f-blog.rejected.ndjson",
                "problems_file: 18f-blog.problems.ndjson",
                "exit_code: 3",
                "error: ",
            ],
            ended
                .Json.EnumerateObject()
                .Select(member =>
                    member.Name.Contains("second", StringComparison.Ordinal)
                        ? member.Name
                        : $"{member.Name}: {member.Value}"
                )
        );
        Assert.True(ended.Json.GetProperty("elapsed_seconds").GetDouble() > 0);
        Assert.True(ended.Json.GetProperty("lines_per_second").GetDouble() > 0);
    }

    [Fact]
    public async Task Writes_rejected_lines_and_their_problems_side_by_side()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        var sent = await File.ReadAllLinesAsync(SharedData.RealBlog, TestContext.Current.CancellationToken);

        await blog.RunAsync("import", "users", SharedData.RealBlog);

        Assert.Equal(["18f-blog.problems.ndjson", "18f-blog.rejected.ndjson"], blog.Files);
        var rejected = await blog.ReadLinesAsync("18f-blog.rejected.ndjson");
        var problems = await ReadProblemsAsync(blog, "18f-blog.problems.ndjson");
        Assert.Equal((53, 53), (rejected.Length, problems.Length));
        Assert.Equal(rejected, problems.Select(problem => sent[problem.GetProperty("line").GetInt32() - 1]));
        Assert.Equal(108, problems.Sum(problem => problem.GetProperty("errors").GetArrayLength()));
        Assert.StartsWith(
            """{"line":1,"status":422,"code":"validation_failed","detail":"The line breaks a rule","errors":[{"pointer":"#/posts/2/tag_names/2","code":"too_long","detail":"At most 30 characters are stored; this has 31.","limit":30},""",
            problems[0].GetRawText(),
            StringComparison.Ordinal
        );
        Assert.All(
            problems.SelectMany(problem => problem.GetProperty("errors").EnumerateArray()),
            error =>
                Assert.Equal(
                    ["pointer", "code", "detail", "limit"],
                    error.EnumerateObject().Select(member => member.Name)
                )
        );
    }

    [Fact]
    public async Task Stores_a_rejected_line_that_was_mended()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await blog.WriteAsync("new.ndjson", Good + TooLongName + "{\"name\":\"No JSON\"\r\n");
        Assert.Equal(3, (await blog.RunAsync("import", "users", "new.ndjson")).ExitCode);
        var rejected = await blog.ReadAsync("new.rejected.ndjson");
        Assert.Equal(TooLongName + "{\"name\":\"No JSON\"\r\n", rejected);

        await blog.WriteAsync("new.rejected.ndjson", rejected.Replace("JSON\"", "JSON\"}", StringComparison.Ordinal));
        var again = await blog.RunAsync("import", "users", "new.rejected.ndjson", "--json");

        Assert.Equal(
            (3, 1, 1),
            (
                again.ExitCode,
                again.Json.GetProperty("accepted").GetInt32(),
                again.Json.GetProperty("rejected").GetInt32()
            )
        );
        Assert.Equal(TooLongName, await blog.ReadAsync("new.rejected.rejected.ndjson"));
        Assert.Equal(["Good", "No JSON"], await NamesAsync(database));
    }

    [Fact]
    public async Task Makes_no_files_when_nothing_is_rejected()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await blog.WriteAsync("good.ndjson", Good);

        var ended = await blog.RunAsync("import", "users", "good.ndjson");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(["good.ndjson"], blog.Files);
        var lines = ended.Output.TrimEnd().Split('\n');
        Assert.StartsWith("1 lines read in ", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ["  1 accepted: 0 posts, 0 tag links, 0 new tags", "  0 skipped", "  0 rejected, with 0 violations"],
            lines[1..]
        );
    }

    [Theory]
    [InlineData("bad.rejected.ndjson", "bad.ndjson")]
    [InlineData("bad.problems.ndjson", "bad.ndjson")]
    [InlineData("chosen.txt.problems.ndjson", "bad.ndjson", "--rejected", "chosen.txt")]
    [InlineData("chosen.problems.ndjson", "bad.ndjson", "--rejected", "chosen.ndjson")]
    [InlineData("stdin.rejected.ndjson", "-")]
    public async Task Imports_nothing_when_a_report_is_in_the_way(string existing, params string[] arguments)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await blog.WriteAsync("bad.ndjson", Good + TooLongName);
        await blog.WriteAsync(existing, "from before");

        var refused = await blog.RunWithInputAsync(Good + TooLongName, ["import", "users", .. arguments]);

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Contains(existing, refused.Error, StringComparison.Ordinal);
        Assert.Equal("from before", await blog.ReadAsync(existing));
        Assert.Empty(await NamesAsync(database));

        var replaced = await blog.RunWithInputAsync(
            Good + TooLongName,
            ["import", "users", .. arguments, "--overwrite"]
        );

        Assert.Equal(3, replaced.ExitCode);
        Assert.Single(await blog.ReadLinesAsync(existing));
        Assert.DoesNotContain("from before", await blog.ReadAsync(existing), StringComparison.Ordinal);
        Assert.Equal(["Good"], await NamesAsync(database));
    }

    [Theory]
    [InlineData("--rejected", "./bad.ndjson")]
    [InlineData("--rejected", ".")]
    [InlineData("--rejected", "missing/bad.ndjson")]
    public async Task Never_writes_a_report_over_its_source_or_to_nowhere(params string[] arguments)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await blog.WriteAsync("bad.ndjson", Good + TooLongName);

        var ended = await blog.RunAsync(["import", "users", "bad.ndjson", "--overwrite", .. arguments]);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("Nothing was imported", ended.Error, StringComparison.Ordinal);
        Assert.Equal(Good + TooLongName, await blog.ReadAsync("bad.ndjson"));
        Assert.Empty(await NamesAsync(database));
    }

    [Fact]
    public async Task Skips_what_is_there_when_asked_to_and_doubles_it_when_not()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("insert into blog.users (name) values ('Bystander')");
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await blog.WriteAsync("two.ndjson", Good + "{\"name\":\"Better\"}\n");
        await blog.RunAsync("import", "users", "two.ndjson");

        var skipping = await blog.RunAsync("import", "users", "two.ndjson", "--skip-existing", "--json");

        Assert.Equal(
            (0, 2, 0),
            (
                skipping.ExitCode,
                skipping.Json.GetProperty("skipped").GetInt32(),
                skipping.Json.GetProperty("accepted").GetInt32()
            )
        );
        Assert.Equal(["Better", "Bystander", "Good"], await NamesAsync(database));

        var doubling = await blog.RunAsync("import", "users", "two.ndjson", "--json");

        Assert.Equal((0, 2), (doubling.ExitCode, doubling.Json.GetProperty("accepted").GetInt32()));
        Assert.Equal(["Better", "Better", "Bystander", "Good", "Good"], await NamesAsync(database));
    }

    [Fact]
    public async Task Stores_nothing_of_the_real_file_in_mode_atomic()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var ended = await blog.RunAsync("import", "users", SharedData.RealBlog, "--mode", "atomic");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Nothing is stored.", ended.Output, StringComparison.Ordinal);
        Assert.Equal(53, (await blog.ReadLinesAsync("18f-blog.problems.ndjson")).Length);
        Assert.Equal(
            ["0 0 0"],
            await database.ListAsync(
                "select concat_ws(' ', (select count(*) from blog.users), (select count(*) from blog.post), (select count(*) from blog.tag))"
            )
        );
    }

    [Theory]
    [InlineData("lines")]
    [InlineData("atomic")]
    public async Task Reads_the_standard_input(string mode)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var ended = await blog.RunWithInputAsync(Good + "\n" + Good, "import", "users", "-", "--mode", mode, "--json");

        Assert.Equal(
            (0, 3, 2),
            (ended.ExitCode, ended.Json.GetProperty("lines").GetInt32(), ended.Json.GetProperty("accepted").GetInt32())
        );
        Assert.Equal(["Good", "Good"], await NamesAsync(database));
        Assert.Empty(blog.Files);
    }

    [Fact]
    public async Task Writes_a_line_that_is_too_long_as_it_was_sent()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        var tooLong = "{\"name\":\"" + new string('x', 17 * 1024 * 1024) + "\"}\n";

        var ended = await blog.RunWithInputAsync(
            TooLongName + tooLong + Good,
            "import",
            "users",
            "-",
            "--rejected",
            "kept"
        );

        Assert.Equal(3, ended.ExitCode);
        Assert.True(
            TooLongName + tooLong == await blog.ReadAsync("kept"),
            "The rejected lines are not as they were sent."
        );
        var problems = await ReadProblemsAsync(blog, "kept.problems.ndjson");
        Assert.Equal(
            [(1, 50), (2, 16_777_216)],
            problems.Select(problem =>
                (
                    problem.GetProperty("line").GetInt32(),
                    problem.GetProperty("errors")[0].GetProperty("limit").GetInt32()
                )
            )
        );
        Assert.Equal(["Good"], await NamesAsync(database));
    }

    [Fact]
    public async Task Says_what_is_stored_when_the_database_goes_away()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        using var process = blog.Start("import", "users", "-", "--json");
        await process.StandardInput.WriteAsync(Good);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            async () => (await NamesAsync(database)).Length == 1,
            "the first lines are stored",
            seconds: 120
        );
        await database.ExecuteAsync(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'blog_app' and datname = current_database()"
        );

        var ended = await BlogProcess.EndAsync(process, Good + Good);

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(
            (1, 1),
            (ended.Json.GetProperty("accepted").GetInt32(), ended.Json.GetProperty("exit_code").GetInt32())
        );
        Assert.StartsWith("The database failed at line", ended.Error, StringComparison.Ordinal);
        Assert.Equal(["Good"], await NamesAsync(database));
    }

    [Fact]
    public async Task Refuses_a_database_without_the_migrations()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };
        await blog.WriteAsync("good.ndjson", Good);

        var ended = await blog.RunAsync("import", "users", "good.ndjson");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("blog migrate apply", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(69, "Host=127.0.0.1;Port=1;Database=blog")]
    [InlineData(2, "nonsense")]
    public async Task Needs_a_database(int exitCode, string connection)
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync("good.ndjson", Good);

        var ended = await blog.RunAsync("import", "users", "good.ndjson", "--connection", connection);

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.NotEmpty(ended.Error);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_the_private_server_of_the_checkout_when_none_is_given()
    {
        using var blog = new BlogProcess();
        blog.Environment["BLOG_DATA_DIR"] = blog.PathOf("data");
        await blog.WriteAsync("good.ndjson", Good);

        var ended = await blog.RunAsync("import", "users", "good.ndjson", "--skip-existing");
        var again = await blog.RunAsync("import", "users", "good.ndjson", "--skip-existing", "--json");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Started the private PostgreSQL", ended.Error, StringComparison.Ordinal);
        Assert.Contains("1 accepted", ended.Output, StringComparison.Ordinal);
        Assert.Equal((0, "", 1), (again.ExitCode, again.Error, again.Json.GetProperty("skipped").GetInt32()));
    }

    static Task<string[]> NamesAsync(TestDatabase database) =>
        database.ListAsync("select name from blog.users order by name collate \"C\"");

    static async Task<JsonElement[]> ReadProblemsAsync(BlogProcess blog, string file) =>
        [
            .. (await blog.ReadLinesAsync(file)).Select(line =>
            {
                using var document = JsonDocument.Parse(line);
                return document.RootElement.Clone();
            }),
        ];
}
