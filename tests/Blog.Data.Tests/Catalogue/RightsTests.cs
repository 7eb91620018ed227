using System.Data;
using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Data.Users;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Catalogue;

/// <summary>The service has the rights that its statements need, each of them is needed, and there are no others.</summary>
public sealed class RightsTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    const string Denied = "42501";

    static readonly Dictionary<string, string?> nothing = [];

    public static TheoryData<string> EachRight => [.. Rights.Needed.Select(NameOf)];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_has_them_and_no_others() =>
        Assert.Equal(
            Rights.Needed.Select(NameOf).Order(StringComparer.Ordinal),
            (
                await database.ListAsync(
                    """
                    with object as (
                      select c.oid, c.relname, c.relkind from pg_class c where c.relnamespace = 'blog'::regnamespace
                    )
                    select verb || ' ' || o.relname || '.' || a.attname
                    from object o
                    join pg_attribute a on a.attrelid = o.oid and not a.attisdropped
                    cross join unnest(array['select', 'insert', 'update', 'references']) verb
                    where o.relkind = 'r' and has_column_privilege('blog_app', o.oid, a.attnum, verb)
                    union all
                    select verb || ' ' || o.relname
                    from object o
                    cross join unnest(array['delete', 'truncate', 'trigger']) verb
                    where o.relkind = 'r' and has_table_privilege('blog_app', o.oid, verb)
                    union all
                    select verb || ' ' || o.relname
                    from object o
                    cross join unnest(array['usage', 'select', 'update']) verb
                    where case when o.relkind = 'S' then has_sequence_privilege('blog_app', o.oid, verb) end
                    union all
                    select 'execute ' || proname
                    from pg_proc
                    where pronamespace = 'blog'::regnamespace and has_function_privilege('blog_app', oid, 'execute')
                    union all
                    select verb || ' blog'
                    from unnest(array['usage', 'create']) verb
                    where has_schema_privilege('blog_app', 'blog', verb)
                    """
                )
            ).Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task With_the_script_alone_every_statement_can_be_executed()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync(
            """
            revoke all on all tables in schema blog from blog_app;
            revoke all on all sequences in schema blog from blog_app;
            revoke all on all functions in schema blog from blog_app;
            revoke all on schema blog from blog_app;
            """
        );
        await own.ExecuteAsync(Rights.ToScript(Rights.Needed, "blog_app"));
        await using var data = new BlogData(own.AppConnectionString);

        await UseEverythingAsync(data);
    }

    [Theory]
    [MemberData(nameof(EachRight))]
    public async Task Without_any_one_of_them_a_statement_is_refused(string name)
    {
        var right = Rights.Needed.Single(right => NameOf(right) == name);
        var to = $"{Rights.ToScript([right], "blog_app").Split('\n')[^2]}";
        var from = to.Replace("grant ", "revoke ", StringComparison.Ordinal)
            .Replace(" to blog_app", " from blog_app", StringComparison.Ordinal);
        await using var data = new BlogData(database.AppConnectionString);
        var queries = right
            .Statements.Select(statement => QueryCatalogue.Find(statement.Split(' ')[0]))
            .Distinct()
            .ToArray();

        await database.ExecuteAsync(from);
        try
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                right.Verb is "usage" or "execute" ? UseEverythingAsync(data) : PlanAsync(data, queries[0])
            );

            Assert.Equal(Denied, refused.SqlState);
        }
        finally
        {
            await database.ExecuteAsync(to);
        }

        await UseEverythingAsync(data);
    }

    /// <summary>Rights on tables are asked for when a plan is made ready, those on functions and sequences when they are called.</summary>
    static async Task UseEverythingAsync(BlogData data)
    {
        foreach (
            var query in QueryCatalogue.All.Where(query => !query.Id.StartsWith("operate/", StringComparison.Ordinal))
        )
        {
            await PlanAsync(data, query);
        }

        await new UserRepository(data).CreateUserAsync(Samples.Ann, once: null, Token);
        await new StatementProbe(data).MeasureAsync(
            QueryCatalogue.Find("posts/search_posts"),
            PlanMode.Custom,
            new Dictionary<string, string?>
            {
                ["words"] = "\"東京都 wide\"",
                ["before"] = "9223372036854775807",
                ["limit"] = "2",
            },
            Token
        );
        await using var session = await data.OpenAsync(Token);
        await using var transaction = await session.BeginTransactionAsync(IsolationLevel.ReadCommitted, Token);
        await using var ids = await BlogData.QueryAsync(
            session,
            QueryCatalogue.Find("users/reserve_ids"),
            new { users = 1, posts = 1 },
            transaction,
            Token
        );
    }

    static Task<IReadOnlyList<PlanNode>> PlanAsync(BlogData data, Query query) =>
        new StatementProbe(data).EstimateAsync(query, PlanMode.Generic, nothing, Token);

    static string NameOf(Right right) =>
        right.Column is null ? $"{right.Verb} {right.Object}" : $"{right.Verb} {right.Object}.{right.Column}";
}
