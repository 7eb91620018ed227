using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Problems;

/// <summary>What the service says when its database refuses: each test breaks a database of its own and mends it.</summary>
public sealed class DatabaseProblemTests(PostgresServer server)
{
    const string Ann = """200 {"name":"Ann","id":1,"profile":{"bio":"hi","id":1},"posts":[]}""";

    const string InternalError =
        """500 {"type":"/problems/internal_error","title":"Internal Server Error","status":500,"detail":"Something failed here","instance":"/users/1","code":"internal_error","request_id":"test"}""";

    [Fact]
    public async Task A_lost_right_is_a_500_that_says_nothing_of_the_server()
    {
        await using var api = await StartAsync();

        await api.Database.ExecuteAsync("revoke select on blog.profile from blog_app");
        var answer = await api.GetAsync("/users/1");

        Assert.Equal(InternalError, answer.Outcome);
        Assert.Null(answer["Retry-After"]);
        // The log is where the cause belongs, under the id that the client knows.
        Assert.Contains(
            api.Log,
            line =>
                line.StartsWith("Error: GET /users/1 failed: internal_error, request test", StringComparison.Ordinal)
                && line.Contains("permission denied for table profile", StringComparison.Ordinal)
        );

        Assert.Contains(
            api.Log,
            line =>
                line.StartsWith(
                    "Critical: The configuration of the database does not let the service work: 42501: permission denied for table profile, request test",
                    StringComparison.Ordinal
                )
        );

        await api.Database.ExecuteAsync("grant select on blog.profile to blog_app");
        Assert.Equal(Ann, (await api.GetAsync("/users/1")).Outcome);
    }

    [Fact]
    public async Task A_failure_of_the_server_s_own_is_a_500_that_says_nothing_of_it()
    {
        await using var api = await StartAsync();

        await api.Database.ExecuteAsync(
            """
            create function blog.fail() returns trigger language plpgsql as $$ begin raise exception 'secret of %', tg_table_name; end $$;
            create trigger fails before update on blog.users for each row execute function blog.fail();
            """
        );

        Assert.Equal(InternalError, (await api.PutAsync("/users/1", """{"name":"Anna"}""")).Outcome);
        Assert.Equal(Ann, (await api.GetAsync("/users/1")).Outcome);
    }

    [Fact]
    public async Task A_missing_column_is_a_503_until_it_is_back()
    {
        await using var api = await StartAsync();

        await api.Database.ExecuteAsync("alter table blog.profile rename column bio to biography");
        var answer = await api.GetAsync("/users/1");

        Assert.Equal(
            """503 {"type":"/problems/not_ready","title":"Service Unavailable","status":503,"detail":"The service is not ready","instance":"/users/1","code":"not_ready","request_id":"test"}""",
            answer.Outcome
        );
        Assert.Equal("1", answer["Retry-After"]);

        await api.Database.ExecuteAsync("alter table blog.profile rename column biography to bio");
        Assert.Equal(Ann, (await api.GetAsync("/users/1")).Outcome);
    }

    [Fact]
    public async Task A_constraint_is_the_second_lock_and_its_name_stays_inside()
    {
        await using var api = await StartAsync();

        await api.Database.ExecuteAsync(
            """
            alter table blog.users drop constraint users_name_length;
            alter table blog.users add constraint users_name_length check (char_length(name) between 1 and 3);
            """
        );

        Assert.Equal(
            """422 {"type":"/problems/validation_failed","title":"Unprocessable Entity","status":422,"detail":"What was sent breaks a rule","instance":"/users/1","code":"validation_failed","request_id":"test","errors":[{"pointer":"#/name","code":"too_long","detail":"A name has 1 to 50 characters."}]}""",
            (await api.PutAsync("/users/1", """{"name":"Anna"}""")).Outcome
        );
        Assert.Equal(Ann, (await api.GetAsync("/users/1")).Outcome);
    }

    [Fact]
    public async Task A_lock_that_is_not_given_in_time_is_a_503()
    {
        await using var api = await StartAsync(";Options=-c lock_timeout=50ms");
        await using var other = await api.Database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "select from blog.users where id = 1 for update";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var answer = await api.PutAsync("/users/1", """{"name":"Anna"}""");

        Assert.Equal(
            """503 {"type":"/problems/overloaded","title":"Service Unavailable","status":503,"detail":"There is more to do than can be done","instance":"/users/1","code":"overloaded","request_id":"test"}""",
            answer.Outcome
        );
        Assert.Equal("1", answer["Retry-After"]);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, (await api.PutAsync("/users/1", """{"name":"Anna"}""")).Status);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_a_504()
    {
        await using var api = await StartAsync(";Options=-c lock_timeout=0 -c statement_timeout=50ms");
        await using var other = await api.Database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "select from blog.users where id = 1 for update";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            """504 {"type":"/problems/deadline_exceeded","title":"Gateway Timeout","status":504,"detail":"It took longer than it may","instance":"/users/1","code":"deadline_exceeded","request_id":"test"}""",
            (await api.PutAsync("/users/1", """{"name":"Anna"}""")).Outcome
        );
    }

    [Fact]
    public async Task A_dropped_database_is_a_503()
    {
        await using var api = await StartAsync();

        await api.Database.DisposeAsync();
        var first = await api.GetAsync("/users/1");
        var second = await api.GetAsync("/users/1");

        // First the pooled connection is found dead, then a new one finds no database.
        Assert.Equal(Unavailable("/users/1"), first.Outcome);
        Assert.Equal(Unavailable("/users/1"), second.Outcome);
        Assert.Equal("""200 {"status":"alive"}""", (await api.GetAsync("/livez")).Outcome);
    }

    [Fact]
    public async Task A_database_that_lets_nobody_in_is_a_503_until_it_does()
    {
        await using var api = await StartAsync();

        await ExecuteOutsideAsync($"alter database {api.Database.Name} allow_connections false");
        await ExecuteOutsideAsync(
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{api.Database.Name}'"
        );
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var answer = await api.GetAsync("/users/1");
            Assert.Equal(Unavailable("/users/1"), answer.Outcome);
            Assert.Equal("1", answer["Retry-After"]);
        }

        await ExecuteOutsideAsync($"alter database {api.Database.Name} allow_connections true");
        Assert.Equal(Ann, (await api.GetAsync("/users/1")).Outcome);
    }

    static string Unavailable(string instance) =>
        $$"""503 {"type":"/problems/database_unavailable","title":"Service Unavailable","status":503,"detail":"The database cannot be reached","instance":"{{instance}}","code":"database_unavailable","request_id":"test"}""";

    async Task<BlogApi> StartAsync(string connectionOptions = "")
    {
        var api = await BlogApi.StartAsync(server, connectionOptions);
        await api.PostAsync("/users", """{"name":"Ann","bio":"hi"}""");
        return api;
    }

    async Task ExecuteOutsideAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres", "postgres"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
