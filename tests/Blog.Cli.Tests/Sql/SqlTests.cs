using Blog.Testing;
using Npgsql;

namespace Blog.Cli.Tests.Sql;

/// <summary>The catalogue on the command line, and what a server says of it.</summary>
public sealed class SqlTests(PostgresServer server)
{
    [Fact]
    public async Task Lists_every_file_with_who_uses_it_without_a_database()
    {
        using var blog = new BlogProcess();

        var text = await blog.RunAsync("sql", "list");
        var json = await blog.RunAsync("sql", "list", "--json");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Matches("(?m)^users/get_user +GET /users/\\{id\\}", text.Output);
        var item = json
            .Json.GetProperty("items")
            .EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == "users/delete_user");
        Assert.Equal("DELETE /users/{id}", item.GetProperty("used_by").GetString());
        Assert.Equal("statements 1, rows 0", item.GetProperty("budget").GetString());
        Assert.Equal(1, item.GetProperty("statements").GetArrayLength());
        Assert.Equal("Null", item.GetProperty("calls").ValueKind.ToString());
    }

    [Fact]
    public async Task Shows_a_file_as_it_stands_and_names_the_nearest_where_there_is_none()
    {
        using var blog = new BlogProcess();

        var shown = await blog.RunAsync("sql", "show", "users/delete_user");
        var mistyped = await blog.RunAsync("sql", "show", "user/get_user");

        Assert.Equal(0, shown.ExitCode);
        Assert.StartsWith("-- users/delete_user: deletes a user", shown.Output, StringComparison.Ordinal);
        Assert.Contains("/* users/delete_user 1 */\n", shown.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (mistyped.ExitCode, mistyped.Output));
        Assert.Contains("Did you mean users/get_user?", mistyped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audits_a_server_and_names_a_stranger()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var without = await blog.RunAsync("sql", "audit");
        await database.ExecuteAsync("create extension pg_stat_statements");
        using var import = new BlogProcess { ConnectionString = database.AppConnectionString };
        await import.RunWithInputAsync("""{"name":"Ann"}""", "import", "users", "-");
        var clean = await blog.RunAsync("sql", "audit", "--json");
        var counted = await blog.RunAsync("sql", "list", "--calls", "--json");
        await using (var stranger = await database.OpenAsync("blog_app"))
        {
            await using var foreign = new NpgsqlCommand("select name\nfrom blog.users", stranger);
            await foreign.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        var named = await blog.RunAsync("sql", "audit");

        Assert.Equal((2, ""), (without.ExitCode, without.Output));
        Assert.Contains("create extension pg_stat_statements", without.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (clean.ExitCode, clean.Error));
        Assert.Equal("[]", clean.Json.GetProperty("unknown").GetRawText());
        Assert.Contains("users/get_user 1", clean.Json.GetProperty("unseen").GetRawText(), StringComparison.Ordinal);
        var item = counted
            .Json.GetProperty("items")
            .EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == "users/create_users");
        Assert.Equal(1, item.GetProperty("calls").GetInt64());
        Assert.Equal(1, named.ExitCode);
        Assert.Contains("1 unknown", named.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 calls: select name from blog.users\n", named.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_a_statement_by_the_identifier_that_the_server_gave_it()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("create extension pg_stat_statements");
        using var import = new BlogProcess { ConnectionString = database.AppConnectionString };
        await import.RunWithInputAsync("""{"name":"Ann"}""", "import", "users", "-");
        var identifiers = await database.ListAsync(
            """
            select s.queryid
            from pg_stat_statements s
            join pg_database d on d.oid = s.dbid and d.datname = current_database()
            where s.query like '%insert into blog.users%'
            """
        );
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var found = await blog.RunAsync("sql", "find", "--json", "--", Assert.Single(identifiers)!);
        var unknown = await blog.RunAsync("sql", "find", "1");

        Assert.Equal((0, ""), (found.ExitCode, found.Error));
        Assert.Equal(
            """{"statement":"users/create_users 1","file":"sql/queries/users/create_users.sql","used_by":"POST /import/users, blog import users"}""",
            found.Output.TrimEnd()
        );
        Assert.Equal((1, ""), (unknown.ExitCode, unknown.Output));
    }

    [Fact]
    public async Task Explains_every_statement_of_a_file()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };

        var text = await blog.RunAsync("sql", "explain", "users/get_user");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.StartsWith("/* users/get_user 1 */\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("\n\n/* users/get_user 2 */\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("users_pkey", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_which_statement_does_not_fit_a_changed_schema()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("alter table blog.users rename column name to title");
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var ended = await blog.RunAsync("sql", "explain", "users/get_user");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("column u.name does not exist", ended.Error, StringComparison.Ordinal);
    }
}
