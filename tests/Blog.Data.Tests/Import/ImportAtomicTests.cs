using System.IO.Pipelines;
using System.Text;
using Blog.Data.Import;
using Blog.Testing;

namespace Blog.Data.Tests.Import;

/// <summary>Mode atomic: all lines or none.</summary>
public sealed class ImportAtomicTests(TestDatabase database, PostgresServer server)
    : IClassFixture<TestDatabase>,
        IAsyncDisposable
{
    static readonly ImportOptions atomic = new() { Mode = ImportMode.Atomic };

    readonly BlogData data = new(database.AppConnectionString);

    public ValueTask DisposeAsync() => data.DisposeAsync();

    [Fact]
    public async Task Stores_all_lines_with_one_commit()
    {
        using var usage = SqlUsage.Begin();

        var outcomes = await data.ImportAsync(
            "{\"name\":\"One\",\"posts\":[{\"title\":\"t\",\"content\":\"\",\"tag_names\":[\"atomic\"]}]}\n\n"
                + "{\"name\":\"Two\",\"posts\":[{\"title\":\"t\",\"content\":\"\",\"tag_names\":[\"atomic\"]}]}\n{\"$end\":{\"count\":2}}",
            atomic
        );

        Assert.Equal(["1 201", "3 201"], outcomes.Brief());
        Assert.Equal(
            [(1, 1, 1), (1, 1, 0)],
            outcomes.Cast<LineCreated>().Select(line => (line.Posts, line.TagLinks, line.TagsCreated))
        );
        Assert.Single(usage.RoundTrips, trip => trip.Name == "commit");
        Assert.Equal(
            outcomes.Cast<LineCreated>().Select(line => $"{line.Id}"),
            await database.ListAsync("select id from blog.users where name in ('One', 'Two') order by id")
        );
    }

    [Fact]
    public async Task Stores_nothing_where_only_the_last_line_is_bad()
    {
        var outcomes = await data.ImportAsync(
            "{\"name\":\"Never\"}\n{\"name\":\"Never\"}\n{\"$end\":{\"count\":3}}",
            atomic
        );

        Assert.Equal(["3 422 validation_failed #/$end/count out_of_range"], outcomes.Brief());
        Assert.Empty(await database.ListAsync("select 1 from blog.users where name = 'Never'"));
    }

    [Fact]
    public async Task Stores_nothing_where_the_database_refuses_a_line()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync(
            "insert into blog.users (name) values ('bystander'); alter table blog.users add constraint users_not_known check (name <> 'refused')"
        );
        await using var refusing = new BlogData(own.AppConnectionString);

        var outcomes = await refusing.ImportAsync("{\"name\":\"1\"}\n{\"name\":\"refused\"}\n{\"name\":\"3\"}", atomic);

        Assert.Equal(["2 422 validation_failed # invalid_format"], outcomes.Brief());
        Assert.Equal(["bystander"], await own.ListAsync("select name from blog.users"));
    }

    [Fact]
    public async Task Reads_a_stream_twice_that_cannot_seek()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(
            "{\"name\":\"Piped\"}\n{\"name\":\"Piped\"}"u8.ToArray(),
            TestContext.Current.CancellationToken
        );
        await pipe.Writer.CompleteAsync();

        var outcomes = await data.ImportAsync(pipe.Reader.AsStream(), atomic);

        Assert.Equal(["1 201", "2 201"], outcomes.Brief());
        Assert.Equal(["2"], await database.ListAsync("select count(*) from blog.users where name = 'Piped'"));
    }

    [Fact]
    public async Task Begins_where_the_stream_stands()
    {
        var source = new MemoryStream("{}\n{\"name\":\"Behind\"}"u8.ToArray()) { Position = 3 };

        Assert.Equal(["1 201"], (await data.ImportAsync(source, atomic)).Brief());
    }

    [Fact]
    public async Task Skips_names_that_are_there_when_the_line_is_reached()
    {
        await database.ExecuteAsync("insert into blog.users (name) values ('Was here')");

        var outcomes = await data.ImportAsync(
            "{\"name\":\"Was here\"}\n{\"name\":\"Comes\"}\n{\"name\":\"Comes\",\"posts\":[{\"title\":\"t\",\"content\":\"\",\"tag_names\":[\"skipped, atomic\"]}]}",
            atomic with
            {
                SkipExisting = true,
            }
        );

        Assert.Equal(["1 200", "2 201", "3 200"], outcomes.Brief());
        Assert.Empty(await database.ListAsync("select 1 from blog.tag where name = 'skipped, atomic'"));
    }

    [Fact]
    public async Task Is_not_seen_by_others_before_all_is_stored()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await using var importing = new BlogData(own.AppConnectionString);
        var seen = new List<string>();
        var source = new MemoryStream(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"name\":\"x\"}\n", 60)))
        );

        var outcomes = await importing.ImportAsync(
            source,
            atomic with
            {
                Progress = step =>
                {
                    if (step is { Phase: ImportPhase.Storing, Lines: 60 })
                    {
                        seen.AddRange(own.ListAsync("select count(*) from blog.users").GetAwaiter().GetResult());
                    }
                },
            }
        );

        Assert.Equal(["0"], seen);
        Assert.Equal(60, outcomes.OfType<LineCreated>().Count());
        Assert.Equal(["60"], await own.ListAsync("select count(*) from blog.users"));
    }

    [Fact]
    public async Task Stores_nothing_when_it_is_cancelled_between_lines()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new MemoryStream(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"name\":\"Cancelled\"}\n", 9)))
        );
        var options = atomic with
        {
            Progress = step =>
            {
                if (step is { Phase: ImportPhase.Storing, Lines: 8 })
                {
                    cancellation.Cancel();
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new UserImport(data).ImportUsersAsync(source, options, cancellation.Token)) { }
        });

        Assert.Empty(await database.ListAsync("select 1 from blog.users where name = 'Cancelled'"));
    }
}
