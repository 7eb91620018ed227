using Blog.Testing;

namespace Blog.Api.Tests.Health;

/// <summary>What the first request goes through has been gone through before it comes; nobody waits for that, and nothing depends on it.</summary>
public sealed class WarmUpTests(PostgresServer server)
{
    [Theory]
    [InlineData(false, 1, 0, 0)]
    [InlineData(true, 1, 1, 1)]
    public async Task The_newest_post_and_its_author_are_read_before_anybody_asks(
        bool isFilled,
        int pages,
        int graphs,
        int names
    )
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            $"""
            insert into blog.users (name) values ('Ann'), ('Ben');
            insert into blog.post (author_id, title, content) select 2, 'T', 'C' where {isFilled};
            insert into blog.tag (name) values ('red');
            insert into blog.post_tag (post_id, tag_id) select id, 1 from blog.post;
            """
        );
        await using var service = await ServiceProcess.StartAsync(database.AppConnectionString);
        await Eventually.HoldsAsync(
            () => service.Output.Contains("Ready: ", StringComparison.Ordinal),
            "the first look at the database",
            seconds: 30
        );

        Assert.Equal((pages, graphs, names), await CountAsync(service));
        var first = await service.GetAsync("/users/2");
        Assert.Equal(
            isFilled
                ? """200 {"name":"Ben","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":1,"author_id":2,"tags":[{"name":"red","id":1}]}]}"""
                : """200 {"name":"Ben","id":2,"profile":null,"posts":[]}""",
            first.Outcome
        );
        Assert.Equal($"stmts=2, trips=1, rows={1 + graphs}, budget=ok", first["Blog-SQL"]);
        Assert.Equal((pages, graphs + 1, names), await CountAsync(service));
        Assert.Equal(
            """200 {"name":"Ann","id":1,"profile":null,"posts":[]}""",
            (await service.GetAsync("/users/1")).Outcome
        );
    }

    [Fact]
    public async Task Nobody_waits_for_it_and_what_keeps_it_from_reading_is_not_an_error()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("insert into blog.users (name) values ('Ann')");
        await using var holder = await database.OpenAsync();
        await using var holding = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = holder.CreateCommand();
        hold.CommandText = "lock table blog.post in access exclusive mode";
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var service = await ServiceProcess.StartAsync(database.AppConnectionString);
        await database.UntilWaitingAsync(1);
        var written = await service.PutAsync("/users/1/profile", """{"bio":"Here."}""");
        Assert.Equal("""201 {"bio":"Here.","id":1}""", written.Outcome);
        Assert.Equal(200, (await service.GetAsync("/users/1/profile")).Status);
        await Eventually.HoldsAsync(
            async () =>
                (await service.GetAdminAsync("/metrics")).Body.Contains(
                    "{db_query_summary=\"posts/list_posts\",db_system_name=\"postgresql\",error_type=",
                    StringComparison.Ordinal
                ),
            "the end of what could not be read"
        );
        Assert.DoesNotContain("Ready: ", service.Output, StringComparison.Ordinal);

        await holding.RollbackAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () => service.Output.Contains("Ready: ", StringComparison.Ordinal),
            "the first look at the database",
            seconds: 30
        );
        Assert.DoesNotContain("warn: ", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", service.Output, StringComparison.Ordinal);
    }

    static async Task<(int Pages, int Graphs, int Names)> CountAsync(ServiceProcess service)
    {
        var metrics = (await service.GetAdminAsync("/metrics")).Body;
        return (Of("posts/list_posts"), Of("users/get_user"), Of("tags/get_tag_names"));

        int Of(string id)
        {
            var begin = $"db_client_operation_duration_seconds_count{{db_query_summary=\"{id}\",";
            var line = metrics.Split('\n').SingleOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal));
            return line is null ? 0 : int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
