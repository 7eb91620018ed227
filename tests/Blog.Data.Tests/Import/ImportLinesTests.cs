using System.IO.Pipelines;
using System.Text;
using Blog.Data.Import;
using Blog.Testing;

namespace Blog.Data.Tests.Import;

/// <summary>Mode lines: each line for itself.</summary>
public sealed class ImportLinesTests(TestDatabase database, PostgresServer server)
    : IClassFixture<TestDatabase>,
        IAsyncDisposable
{
    readonly BlogData data = new(database.AppConnectionString);

    public ValueTask DisposeAsync() => data.DisposeAsync();

    [Fact]
    public async Task Accepts_a_byte_order_mark_CRLF_blank_lines_and_a_last_line_without_end()
    {
        var outcomes = await data.ImportAsync("\uFEFF{\"name\":\"Mark\"}\r\n\r\n \t\n\n{\"name\":\"Last\"}");

        Assert.Equal(["1 201", "5 201"], outcomes.Brief());
        Assert.Equal(["Last", "Mark"], await NamesAsync("Mark", "Last"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n \r\n\t")]
    public async Task Has_nothing_to_say_about_a_file_without_lines(string text) =>
        Assert.Empty(await data.ImportAsync(text));

    [Theory]
    [InlineData("{\"name\":\"A\"", "2 400 malformed_json")]
    [InlineData("nothing", "2 400 malformed_json")]
    [InlineData("{\"name\":\"A\"} {\"name\":\"B\"}", "2 400 malformed_json")]
    [InlineData("{\"name\":\"A\",\"name\":\"B\"}", "2 400 malformed_json")]
    [InlineData("{\"name\":\"A\",\"x\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", "2 400 malformed_json")]
    [InlineData("\uFEFF{\"name\":\"A\"}", "2 400 malformed_json")]
    [InlineData("[]", "2 422 validation_failed # invalid_type")]
    [InlineData("{}", "2 422 validation_failed #/name required")]
    [InlineData("{\"name\":\" \"}", "2 422 validation_failed #/name blank")]
    [InlineData("{\"name\":\"\\ud800\"}", "2 422 validation_failed #/name invalid_character")]
    [InlineData("{\"name\":\"A\\u0000\"}", "2 422 validation_failed #/name invalid_character")]
    [InlineData("{\"name\":\"A\",\"posts\":null}", "2 422 validation_failed #/posts invalid_type")]
    [InlineData(
        "{\"name\":\"A\",\"posts\":[{\"title\":\"\",\"tag_names\":[\"\"]}]}",
        "2 422 validation_failed #/posts/0/title blank #/posts/0/content required #/posts/0/tag_names/0 blank"
    )]
    public async Task Rejects_a_bad_line_and_stores_its_neighbours(string line, string expected)
    {
        var name = Guid.NewGuid().ToString();

        var outcomes = await data.ImportAsync(User($"{name} 1") + $"{line}\n" + User($"{name} 3"));

        Assert.Equal(["1 201", expected, "3 201"], outcomes.Brief());
        Assert.Equal(line, Encoding.UTF8.GetString(((LineRejected)outcomes[1]).Text.Span));
        Assert.Equal([$"{name} 1", $"{name} 3"], await NamesAsync($"{name} 1", $"{name} 3", "A"));
    }

    [Fact]
    public async Task Rejects_bytes_that_are_not_UTF8()
    {
        byte[] line = [.. "{\"name\":\""u8, 0xFF, .. "\"}\n"u8];

        var outcome = Assert.Single(await data.ImportAsync(new MemoryStream(line)));

        Assert.Equal("1 400 malformed_json", outcome.Brief());
        Assert.Equal("The line is not valid UTF-8.", ((LineRejected)outcome).Detail);
    }

    [Theory]
    [InlineData("{\"$end\":{\"count\":2}}", null)]
    [InlineData(" { \"$end\" : { \"count\" : 2 } } ", null)]
    [InlineData("{\"$end\":{\"count\":3}}", "4 422 validation_failed #/$end/count out_of_range")]
    [InlineData("{\"$end\":{\"count\":2.5}}", "4 422 validation_failed #/$end/count out_of_range")]
    [InlineData("{\"$end\":{\"count\":\"2\"}}", "4 422 validation_failed #/$end/count invalid_type")]
    [InlineData("{\"$end\":{}}", "4 422 validation_failed #/$end/count required")]
    [InlineData("{\"$end\":2}", "4 422 validation_failed #/$end invalid_type")]
    [InlineData("{\"$end\":{\"count\":2},\"bio\":\"x\"}", "4 422 validation_failed #/name required")]
    [InlineData("{\"$end\":{\"count\":2,\"count\":2}}", "4 400 malformed_json")]
    public async Task Takes_an_end_line_at_its_word(string end, string? expected)
    {
        var name = Guid.NewGuid().ToString();

        var outcomes = await data.ImportAsync(User(name) + "\n{}\n" + end);

        Assert.Equal(
            expected is null
                ? ["1 201", "3 422 validation_failed #/name required"]
                : ["1 201", "3 422 validation_failed #/name required", expected],
            outcomes.Brief()
        );
        Assert.Equal([name], await NamesAsync(name));
    }

    [Fact]
    public async Task Counts_from_the_last_end_line_on_so_that_exports_can_be_joined()
    {
        var name = Guid.NewGuid().ToString();
        const string End = "{\"$end\":{\"count\":1}}\n";

        var outcomes = await data.ImportAsync(User(name) + End + User(name) + End + End);

        Assert.Equal(["1 201", "3 201", "5 422 validation_failed #/$end/count out_of_range"], outcomes.Brief());
    }

    [Fact]
    public async Task Stores_a_name_that_speaks_of_the_end()
    {
        var outcome = Assert.Single(await data.ImportAsync("{\"name\":\"$end\"}"));

        Assert.Equal("1 201", outcome.Brief());
    }

    [Fact]
    public async Task Ignores_an_id_and_other_members()
    {
        var outcome = Assert.Single(await data.ImportAsync("{\"id\":7,\"name\":\"Exported\",\"x\":1}"));

        var created = Assert.IsType<LineCreated>(outcome);
        Assert.Equal([$"{created.Id}"], await database.ListAsync("select id from blog.users where name = 'Exported'"));
    }

    [Fact]
    public async Task Reads_a_line_of_16_MiB_and_passes_by_a_longer_one()
    {
        var name = Guid.NewGuid().ToString();
        var fits = User(name).TrimEnd().PadRight(16 * 1024 * 1024);
        var tooLong = fits + " ";
        var farTooLong = new string('x', 40 * 1024 * 1024);
        var passedBy = 0L;

        var outcomes = await data.ImportAsync(
            $"{fits}\n{tooLong}\n{fits}\n{farTooLong}\n{fits}\n{tooLong}",
            new()
            {
                OnTooLong = (piece, _) =>
                {
                    passedBy += piece.Length;
                    return ValueTask.CompletedTask;
                },
            }
        );

        Assert.Equal(
            [
                "1 201",
                "2 422 validation_failed # too_long",
                "3 201",
                "4 422 validation_failed # too_long",
                "5 201",
                "6 422 validation_failed # too_long",
            ],
            outcomes.Brief()
        );
        var rejected = Assert.IsType<LineRejected>(outcomes[1]);
        Assert.True(rejected.Text.IsEmpty);
        Assert.Equal(16_777_216, rejected.Errors[0].Limit);
        Assert.Equal(16_777_217 + 41_943_040 + 16_777_217, passedBy);
        Assert.Equal([name, name, name], await NamesAsync(name));
    }

    [Fact]
    public async Task Stores_more_posts_than_a_request_may_have()
    {
        var name = Guid.NewGuid().ToString();
        var posts = Enumerable
            .Range(1, 101)
            .Select(number => $$"""{"title":"{{number}}","content":"","tag_names":["t"]}""");

        var outcome = Assert.Single(
            await data.ImportAsync($$"""{"name":"{{name}}","posts":[{{string.Join(',', posts)}}]}""")
        );

        Assert.Equal((101, 101), outcome is LineCreated line ? (line.Posts, line.TagLinks) : default);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tells_of_a_line_without_waiting_for_the_next()
    {
        var name = Guid.NewGuid().ToString();
        var pipe = new Pipe();
        await using var outcomes = new UserImport(data)
            .ImportUsersAsync(pipe.Reader.AsStream(), new(), TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

        // Behind the first is the beginning of the second, behind that a blank one.
        foreach (var sent in (string[])[User(name) + "{\"na", $"me\":\"{name}\"}}\n \n"])
        {
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(sent), TestContext.Current.CancellationToken);
            Assert.True(await outcomes.MoveNextAsync());
            var created = Assert.IsType<LineCreated>(outcomes.Current);
            Assert.Equal([name], await database.ListAsync($"select name from blog.users where id = {created.Id}"));
        }
    }

    [Fact]
    public async Task Lets_lines_that_are_here_share_a_commit()
    {
        using var usage = SqlUsage.Begin();

        var outcomes = await data.ImportAsync(string.Concat(Enumerable.Repeat(User("Shared"), 120)));

        Assert.Equal(120, outcomes.OfType<LineCreated>().Count());
        Assert.Equal(3, usage.RoundTrips.Count(trip => trip.Name == "commit"));
        Assert.Equal(3 * 4, usage.RoundTrips.Count);
    }

    [Fact]
    public async Task Counts_a_new_tag_once()
    {
        const string Lines = """
            {"name":"T","posts":[{"title":"1","content":"","tag_names":["new 1","new 2","new 1 "]},{"title":"2","content":"","tag_names":["new 1"]}]}
            {"name":"T","posts":[{"title":"3","content":"","tag_names":["new 2","new 3"]}]}
            """;

        var created = (await data.ImportAsync(Lines)).Cast<LineCreated>();

        Assert.Equal([(2, 3, 2), (1, 2, 1)], created.Select(line => (line.Posts, line.TagLinks, line.TagsCreated)));
    }

    [Fact]
    public async Task Skips_names_that_are_there_when_the_line_is_reached()
    {
        await database.ExecuteAsync("insert into blog.users (name) values (U&'Andr\\00e9'), ('andre')");

        var outcomes = await data.ImportAsync(
            "{\"name\":\"Andre\\u0301\"}\n{\"name\":\"Andre\"}\n{\"name\":\"Andre\"}\n\n{\"name\":\"ANDRE\",\"posts\":[{\"title\":\"t\",\"content\":\"\",\"tag_names\":[\"of a new one\"]}]}\n"
                + "{\"name\":\"Andre\",\"posts\":[{\"title\":\"t\",\"content\":\"\",\"tag_names\":[\"of a skipped one\"]}]}",
            new() { SkipExisting = true }
        );

        Assert.Equal(["1 200", "2 201", "3 200", "5 201", "6 200"], outcomes.Brief());
        Assert.Equal(
            ["ANDRE", "Andre", "Andr\u00e9", "andre"],
            await NamesAsync("Andr\u00e9", "Andre", "ANDRE", "andre")
        );
        Assert.Equal(["of a new one"], await database.ListAsync("select name from blog.tag where name like 'of a%'"));
    }

    [Fact]
    public async Task Rejects_only_the_line_that_the_database_refuses()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync(
            """
            alter table blog.post drop constraint post_title_length;
            alter table blog.post add constraint post_title_length check (title <> 'refused');
            alter table blog.users add constraint users_not_known check (name <> 'refused');
            """
        );
        await using var refusing = new BlogData(own.AppConnectionString);
        const string Lines = """
            {"name":"1"}
            {"name":"2","posts":[{"title":"kept","content":"","tag_names":["a"]},{"title":"refused","content":"","tag_names":["b"]}]}
            {"name":"refused"}
            {"name":"4","posts":[{"title":"kept","content":"","tag_names":["a"]}]}
            """;

        var outcomes = await refusing.ImportAsync(Lines);

        Assert.Equal(
            ["1 201", "2 422 validation_failed #/posts too_long", "3 422 validation_failed # invalid_format", "4 201"],
            outcomes.Brief()
        );
        Assert.StartsWith(
            "{\"name\":\"2\"",
            Encoding.UTF8.GetString(((LineRejected)outcomes[1]).Text.Span),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "{\"name\":\"refused\"",
            Encoding.UTF8.GetString(((LineRejected)outcomes[2]).Text.Span),
            StringComparison.Ordinal
        );
        Assert.Equal(["1", "4"], await own.ListAsync("select name from blog.users order by name"));
        Assert.Equal(["kept"], await own.ListAsync("select title from blog.post"));
        Assert.Equal(["a"], await own.ListAsync("select name from blog.tag"));
    }

    [Theory]
    [InlineData(2, "1 201")]
    [InlineData(3, "1 201")]
    [InlineData(4, null)]
    public async Task Tries_a_line_again_that_met_another_write(int conflicts, string? expected)
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        // A sequence is not rolled back: the first tries fail, the next one passes.
        await own.ExecuteAsync(
            $"""
            create sequence public.tries;
            create function public.conflict() returns trigger language plpgsql security definer as $$
            begin
              if nextval('public.tries') <= {conflicts} then
                raise exception 'conflict' using errcode = '40001';
              end if;
              return new;
            end
            $$;
            create trigger conflict before insert on blog.users for each row execute function public.conflict();
            """
        );
        await using var busy = new BlogData(own.AppConnectionString);

        if (expected is not null)
        {
            Assert.Equal([expected], (await busy.ImportAsync("{\"name\":\"A\"}")).Brief());
            Assert.Equal(["A"], await own.ListAsync("select name from blog.users"));
        }
        else
        {
            var stopped = await Assert.ThrowsAsync<ImportStoppedException>(() => busy.ImportAsync("{\"name\":\"A\"}"));
            Assert.Equal(FailureKind.WriteConflict, DatabaseFailure.Of(stopped.InnerException!)!.Kind);
            Assert.Empty(await own.ListAsync("select name from blog.users"));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Stops_where_the_connection_is_lost_and_keeps_what_was_told()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await using var lost = new BlogData(own.AppConnectionString);
        var pipe = new Pipe();
        await using var outcomes = new UserImport(lost)
            .ImportUsersAsync(pipe.Reader.AsStream(), new(), TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(User("told")), TestContext.Current.CancellationToken);
        Assert.True(await outcomes.MoveNextAsync());
        await own.ExecuteAsync(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'blog_app' and datname = current_database()"
        );
        await pipe.Writer.WriteAsync(
            Encoding.UTF8.GetBytes(User("lost") + User("lost")),
            TestContext.Current.CancellationToken
        );

        var stopped = await Assert.ThrowsAsync<ImportStoppedException>(async () => await outcomes.MoveNextAsync());

        Assert.Equal((2, 3, false), (stopped.FirstLine, stopped.LastLine, stopped.IsOutcomeUnknown));
        Assert.Equal(FailureKind.Unavailable, DatabaseFailure.Of(stopped.InnerException!)!.Kind);
        Assert.Equal(["told"], await own.ListAsync("select name from blog.users"));
    }

    [Fact]
    public async Task Stores_nothing_after_it_was_cancelled()
    {
        var name = Guid.NewGuid().ToString();
        using var cancellation = new CancellationTokenSource();
        var source = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(User(name), 120))));
        var told = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new UserImport(data).ImportUsersAsync(source, new(), cancellation.Token))
            {
                told++;
                await cancellation.CancelAsync();
            }
        });

        Assert.Equal(50, told);
        Assert.Equal(50, (await NamesAsync(name)).Length);
    }

    [Fact]
    public async Task Reports_how_far_it_is()
    {
        var seen = new List<ImportProgress>();

        await data.ImportAsync("{}\r\n\n{}", new() { Progress = seen.Add });

        Assert.Equal(
            [new(ImportPhase.Storing, 4, 1), new(ImportPhase.Storing, 5, 2), new(ImportPhase.Storing, 7, 3)],
            seen
        );
    }

    static string User(string name) => $$"""{"name":"{{name}}"}""" + "\n";

    Task<string[]> NamesAsync(params string[] names) =>
        database.ListAsync(
            $"select name from blog.users where name in ({string.Join(',', names.Select(name => $"'{name}'"))}) order by name collate \"C\""
        );
}
