using Blog.Testing;

namespace Blog.Cli.Tests.Idempotency;

/// <summary><c>blog idempotency clear</c>, as a process.</summary>
public sealed class ClearTests(PostgresServer server)
{
    /// <summary>2,501 keys that are past their time by a second to an hour, and two that are not: the bystanders.</summary>
    const string Keys = """
        insert into blog.idempotency_key (scope, fingerprint, status, headers, body, expires_at)
        select sha256(convert_to(n::text, 'UTF8')), sha256('f'), 201, '{}'::jsonb, 'b'::bytea, now() - n * interval '1 second'
        from generate_series(1, 2501) n
        union all
        select sha256('soon'), sha256('f'), 201, '{}'::jsonb, 'b'::bytea, now() + interval '1 minute'
        union all
        select sha256('later'), sha256('f'), 201, '{}'::jsonb, 'b'::bytea, now() + interval '1 day';
        """;

    const string Left =
        "select case scope when sha256('soon') then 'soon' when sha256('later') then 'later' else 'expired' end from blog.idempotency_key order by expires_at";

    [Fact]
    public async Task Deletes_what_is_expired_in_batches_and_nothing_else()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(Keys);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var ended = await blog.RunAsync("idempotency", "clear");
        var again = await blog.RunAsync("idempotency", "clear");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches("^2,501 expired keys deleted in 3 batches, [0-9.]+ s\n$", ended.Output);
        Assert.Equal(["soon", "later"], await database.ListAsync(Left));
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Matches("^0 expired keys deleted in 0 batches, [0-9.]+ s\n$", again.Output);
    }

    [Fact]
    public async Task Says_as_JSON_how_many_it_deleted()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(Keys);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var ended = await blog.RunAsync("idempotency", "clear", "--batch", "50", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches(
            "^\\{\"deleted\":2501,\"batches\":51,\"elapsed_seconds\":[0-9.]+,\"exit_code\":0,\"error\":null\\}\n$",
            ended.Output
        );
    }

    [Fact]
    public async Task Passes_over_a_key_that_is_being_taken_again()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(Keys);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        await using var taker = await database.OpenAsync();
        await using var transaction = await taker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var take = taker.CreateCommand();
        take.CommandText = "select from blog.idempotency_key where scope = sha256('7') for update";
        await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var ended = await blog.RunAsync("idempotency", "clear");

        Assert.StartsWith("2,500 expired keys deleted in 3 batches", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["expired", "soon", "later"], await database.ListAsync(Left));
    }

    [Fact]
    public async Task Interrupted_it_keeps_what_the_batches_before_have_deleted_and_says_how_many()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(Keys);
        // The key of the last batch but one is held up until the signal has come.
        await database.ExecuteAsync(
            """
            create function public.hold() returns trigger language plpgsql as
              'begin if old.scope = sha256(''100'') then perform pg_advisory_xact_lock(7); end if; return old; end';
            create trigger hold before delete on blog.idempotency_key for each row execute function public.hold();
            """
        );
        await using var holder = await database.OpenAsync();
        await using var hold = holder.CreateCommand();
        hold.CommandText = "select pg_advisory_lock(7)";
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        using var process = blog.Start("idempotency", "clear", "--batch", "1000");
        await Eventually.HoldsAsync(
            async () =>
                await database.ListAsync(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                )
                    is ["1"],
            "the third batch waits",
            seconds: 30
        );
        await BlogProcess.SignalAsync(process, "INT");
        var ended = await BlogProcess.EndAsync(process);

        Assert.Equal((130, "Interrupted. The batches before are deleted.\n"), (ended.ExitCode, ended.Error));
        Assert.StartsWith("2,000 expired keys deleted in 2 batches", ended.Output, StringComparison.Ordinal);
        Assert.Equal(503, (await database.ListAsync(Left)).Length);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task Refuses_a_batch_of_nothing(string size)
    {
        using var blog = new BlogProcess();

        var ended = await blog.RunAsync("idempotency", "clear", "--batch", size);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("--batch", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Needs_a_database()
    {
        using var blog = new BlogProcess();

        var ended = await blog.RunAsync("idempotency", "clear", "--connection", "Host=127.0.0.1;Port=1;Database=blog");

        Assert.Equal((69, ""), (ended.ExitCode, ended.Output));
        Assert.NotEmpty(ended.Error);
    }
}
