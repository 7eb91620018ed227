using System.Diagnostics.Metrics;
using System.Text.Json;
using Blog.Testing;

namespace Blog.Api.Tests.Requests;

/// <summary>What is done again when the database has done nothing of it, and what is not.</summary>
public sealed class AttemptTests(PostgresServer server) : IAsyncLifetime
{
    BlogApi api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await BlogApi.StartAsync(server);
        await api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Bea'), ('Ben');
            create sequence public.tries;
            grant usage on sequence public.tries to blog_app;
            """
        );
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Two_writes_that_met_are_done_again_as_a_whole_and_counted(string state)
    {
        await FailAsync(state, times: 2);
        using var retries = new Retries();

        var answer = await api.PatchAsync("/users/2", """{"name":"Benno"}""", ("Idempotency-Key", "k"));

        Assert.Equal("""200 {"name":"Benno","id":2,"profile":null,"posts":[]}""", answer.Outcome);
        Assert.Equal("\"u2.2-1\"", answer["ETag"]);
        Assert.Equal(["Bea", "Benno"], await NamesAsync());
        Assert.Equal(["3"], await TriesAsync());
        Assert.True(retries.OfWriteConflicts >= 2);
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task Three_times_and_then_it_is_for_the_client(string state)
    {
        await FailAsync(state, times: 1000);

        var answer = await api.PutAsync("/users/2", """{"name":"Benno"}""");

        Assert.Equal((409, "write_conflict", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
        Assert.Equal(["Bea", "Ben"], await NamesAsync());
        Assert.Equal(["3"], await TriesAsync());
    }

    [Fact]
    public async Task A_statement_that_was_prepared_before_a_column_changed_is_prepared_anew()
    {
        for (var read = 0; read < 3; read++)
            Assert.Equal(200, (await api.GetAsync("/users/2")).Status);
        await api.Database.ExecuteAsync("alter table blog.users alter column name type varchar(60)");

        var answer = await api.GetAsync("/users/2");

        Assert.Equal("""200 {"name":"Ben","id":2,"profile":null,"posts":[]}""", answer.Outcome);
    }

    [Theory]
    // The statements that it knows of are gone; the names that it gives next are taken.
    [InlineData("deallocate all")]
    [InlineData("prepare _auto%s as select 1")]
    public async Task What_is_not_prepared_as_the_driver_has_it_is_prepared_anew(string statement)
    {
        await using var alone = await BlogApi.StartAsync(server, ";Maximum Pool Size=1");
        await alone.Database.ExecuteAsync("insert into blog.users (name) values ('Bea'), ('Ben')");
        Assert.Equal(200, (await alone.GetAsync("/users/2")).Status);
        await SpoilAsync(alone, statement);
        Assert.Equal(
            204,
            (await alone.PatchAsync("/users/1", """{"name":"Bee"}""", ("Prefer", "return=minimal"))).Status
        );

        var read = await alone.GetAsync("/users/2");
        var write = await alone.PostAsync("/users/2/posts", """{"title":"T","content":"C","tag_names":["red"]}""");

        Assert.Equal("""200 {"name":"Ben","id":2,"profile":null,"posts":[]}""", read.Outcome);
        Assert.Equal(201, write.Status);
        Assert.Equal(["T"], await alone.Database.ListAsync("select title from blog.post"));
    }

    [Theory]
    // The lock that is not given, the disk that is full, the value that is refused.
    [InlineData("55P03", 503)]
    [InlineData("53100", 503)]
    [InlineData("22003", 422)]
    public async Task What_another_attempt_does_not_help_is_done_once(string state, int status)
    {
        await FailAsync(state, times: 1000);

        Assert.Equal(status, (await api.PutAsync("/users/2", """{"name":"Benno"}""")).Status);
        Assert.Equal(["1"], await TriesAsync());
    }

    [Fact]
    public async Task Reads_do_not_notice_that_every_connection_was_ended()
    {
        // So many at once that there is more than one connection to be ended.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => api.GetAsync("/users/2")));
        await EndConnectionsAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => api.GetAsync("/users/2")));

        Assert.All(
            answers,
            answer => Assert.Equal("""200 {"name":"Ben","id":2,"profile":null,"posts":[]}""", answer.Outcome)
        );
    }

    [Fact]
    public async Task Nor_does_a_write_that_was_not_yet_being_committed()
    {
        await api.GetAsync("/users/2");
        await EndConnectionsAsync();

        var answer = await api.PostAsync("/users/2/posts", """{"title":"T","content":"C","tag_names":["red"]}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal(["T"], await api.Database.ListAsync("select title from blog.post"));
    }

    [Fact]
    public async Task Where_no_connection_is_taken_it_is_a_503_at_once()
    {
        await api.Database.ExecuteAsync($"alter database {api.Database.Name} connection limit 0");
        await EndConnectionsAsync();

        var answer = await api.GetAsync("/users/2");

        Assert.Equal((503, "database_unavailable", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
        await api.Database.ExecuteAsync($"alter database {api.Database.Name} connection limit -1");
        Assert.Equal(200, (await api.GetAsync("/users/2")).Status);
    }

    [Fact]
    public async Task A_server_that_takes_no_writes_is_a_503_for_them_and_serves_reads()
    {
        await api.Database.ExecuteAsync($"alter database {api.Database.Name} set default_transaction_read_only = on");
        await EndConnectionsAsync();

        var read = await api.GetAsync("/users/2");
        var write = await api.PutAsync("/users/2", """{"name":"Benno"}""");

        Assert.Equal(200, read.Status);
        Assert.Equal((503, "database_unavailable", "1"), (write.Status, CodeOf(write), write["Retry-After"]));
    }

    [Fact]
    public async Task Of_several_hosts_that_are_none_it_is_a_503()
    {
        await using var nowhere = await BlogApi.StartAsync(server, ";Host=127.0.0.1:1,127.0.0.1:2");

        var answer = await nowhere.GetAsync("/users/2");

        Assert.Equal((503, "database_unavailable", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
    }

    [Fact]
    public async Task A_server_in_which_something_is_wrong_is_a_500_and_not_ready_for_ten_seconds()
    {
        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);
        await FailAsync("XX001", times: 1);

        var write = await api.PutAsync("/users/2", """{"name":"Benno"}""");
        var ready = await api.GetAsync("/readyz");

        Assert.Equal((500, "internal_error"), (write.Status, CodeOf(write)));
        Assert.Equal(
            """503 {"type":"/problems/not_ready","title":"Service Unavailable","status":503,"detail":"The database says that something in it is wrong","instance":"/readyz","code":"not_ready","request_id":"test","reason":"database_failing"}""",
            ready.Outcome
        );
        await Eventually.HoldsAsync(
            async () => (await api.GetAsync("/readyz")).Status == 200,
            "the service is ready again"
        );
        Assert.Equal(["1"], await TriesAsync());
    }

    /// <summary>The next writes of a user fail in the database; what counts them is not rolled back.</summary>
    Task<int> FailAsync(string state, int times) =>
        api.Database.ExecuteAsync(
            $"""
            create function public.fail() returns trigger language plpgsql as
              $$ begin if nextval('public.tries') <= {times} then raise exception 'no' using errcode = '{state}'; end if; return new; end $$;
            create trigger fail before update on blog.users for each row execute function public.fail();
            """
        );

    /// <summary>The next write of a user runs a statement, for each name of a prepared statement that is free, on the connection that it has.</summary>
    static Task<int> SpoilAsync(BlogApi api, string statement) =>
        api.Database.ExecuteAsync(
            $"""
            create function public.spoil() returns trigger language plpgsql as $$
              declare free int;
              begin
                for free in select n from generate_series(0, 199) n where not exists
                  (select from pg_prepared_statements p where p.name = '_auto' || n) loop
                  execute format('{statement}', free);
                end loop;
                return new;
              end $$;
            create trigger spoil after update on blog.users for each row execute function public.spoil();
            """
        );

    Task<int> EndConnectionsAsync() =>
        api.Database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'blog_app'"
        );

    Task<string[]> TriesAsync() => api.Database.ListAsync("select last_value from public.tries");

    Task<string[]> NamesAsync() => api.Database.ListAsync("select name from blog.users order by id");

    static string? CodeOf(Answer answer) => JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetString();

    /// <summary>Every service of this process counts here.</summary>
    sealed class Retries : IDisposable
    {
        readonly MeterListener listener = new();
        long ofWriteConflicts;

        public Retries()
        {
            listener.InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "blog.retries")
                    own.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>(
                (_, count, tags, _) =>
                {
                    foreach (var tag in tags)
                    {
                        if (tag is { Key: "blog.retry.reason", Value: "write_conflict" })
                            Interlocked.Add(ref ofWriteConflicts, count);
                    }
                }
            );
            listener.Start();
        }

        public long OfWriteConflicts => Interlocked.Read(ref ofWriteConflicts);

        public void Dispose() => listener.Dispose();
    }
}
