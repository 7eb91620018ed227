using System.Text.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Admin;

/// <summary>The plans of a file: what is expected of it, and what it does with the arguments of a form.</summary>
public sealed class PlanPageTests(CountedService counted, PostgresServer server) : IClassFixture<CountedService>
{
    const string Names = "select name from blog.users order by id";
    const string Sequence = "select last_value from blog.users_id_seq";

    ServiceProcess Service => counted.Process;

    [Fact]
    public async Task Without_arguments_it_is_the_plan_for_any()
    {
        var page = await Service.OpenAsync("/sql/users/get_user/plan");

        var text = SqlPageTests.Words(page);
        Assert.Contains("For any arguments", text, StringComparison.Ordinal);
        Assert.Contains("Nothing was executed.", text, StringComparison.Ordinal);
        Assert.Contains(
            "Index Scan on users by users_pkey 1 row expected Index Cond: (id = $1)",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Custom:", text, StringComparison.Ordinal);
        Assert.Contains(
            """<input id="a-userId" name="userId" value="" placeholder="8" """,
            page.Body,
            StringComparison.Ordinal
        );
        Assert.Contains("userId bigint postLimit int withTags boolean", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cases_of_its_contract_fill_in_the_form()
    {
        var page = await Service.OpenAsync("/sql/posts/list_posts_by_tags/plan");

        Assert.Contains(
            """<a href="/sql/posts/list_posts_by_tags/plan?tagNames=%7Bcommon%7D&amp;before=500&amp;limit=21&amp;withTags=true&amp;withAuthor=true">a common tag, from the middle</a>""",
            page.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task With_arguments_both_plans_are_measured()
    {
        var page = await Service.OpenAsync("/sql/users/get_user/plan?userId=1&postLimit=10&withTags=true");

        var text = SqlPageTests.Words(page);
        Assert.Contains(
            "Executed once under each plan, in a read-only transaction that was rolled back.",
            text,
            StringComparison.Ordinal
        );
        Assert.Matches("Generic: for any arguments 1 row, [0-9]+ blocks, [0-9.]+ ms", text);
        Assert.Matches(
            "Index Scan on users by users_pkey 1 row, 1 expected · [0-9]+ blocks [0-9.]+ ms, [0-9.]+ % Index Cond: \\(id = \\$1\\)",
            text
        );
        Assert.Contains("Index Cond: (id = '1'::bigint)", text, StringComparison.Ordinal);
        Assert.Contains("""name="userId" value="1" """, page.Body, StringComparison.Ordinal);
        Assert.Equal(["Ann", "Bystander"], await counted.Database.ListAsync(Names));
    }

    [Theory]
    [InlineData("userId=8+or+true&postLimit=7", "invalid input syntax for type bigint: \"8 or true\"", "8 or true")]
    [InlineData(
        "userId=1&postLimit=99999999999",
        "value \"99999999999\" is out of range for type integer",
        "99999999999"
    )]
    [InlineData("userId=1&withTags=%22%3E%3Cscript%3E", "invalid input syntax for type boolean: \"\">", "\"><script>")]
    [InlineData("userId=1&postLimit=%00", "No text of PostgreSQL has the character U+0000.", null)]
    public async Task A_bad_argument_is_explained_beside_the_form(string query, string message, string? shown)
    {
        var page = await Service.OpenAsync($"/sql/users/get_user/plan?{query}");

        Assert.Equal((400, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Contains(message, System.Net.WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
        if (shown is not null)
        {
            Assert.Contains(
                $"value=\"{System.Net.WebUtility.HtmlEncode(shown)}\"",
                page.Body,
                StringComparison.Ordinal
            );
            Assert.Contains("aria-invalid=\"true\"", page.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("users/delete_user", "userId=1")]
    [InlineData("users/create_user", "names={Eve}&bios={null}&titles={}&contents={}")]
    [InlineData("users/reserve_ids", "users=5&posts=5")]
    public async Task What_would_leave_a_trace_is_never_executed(string file, string query)
    {
        var before = await counted.Database.ListAsync(Sequence);

        var page = await Service.OpenAsync($"/sql/{file}/plan?{query}");

        var text = SqlPageTests.Words(page);
        Assert.Equal(200, page.Status);
        Assert.Contains("Nothing was executed: executing it would leave a trace.", text, StringComparison.Ordinal);
        Assert.Contains("Custom: for these", text, StringComparison.Ordinal);
        Assert.Contains(" expected", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<p class=\"took\">", page.Body, StringComparison.Ordinal);
        Assert.Equal(before, await counted.Database.ListAsync(Sequence));
        Assert.Equal(["Ann", "Bystander"], await counted.Database.ListAsync(Names));
    }

    [Fact]
    public async Task A_page_of_a_file_that_writes_says_so_at_once()
    {
        var text = SqlPageTests.Words(await Service.OpenAsync("/sql/users/delete_user/plan"));

        Assert.Contains(
            "This file writes: it is never executed from this page, its plans are only estimated.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Estimate both plans", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_another_site_executes_nothing()
    {
        var page = await Service.GetAdminAsync(
            "/sql/users/get_user/plan?userId=1",
            ("Accept", "text/html"),
            ("Sec-Fetch-Site", "cross-site")
        );

        var text = SqlPageTests.Words(page);
        Assert.Contains(
            "Nothing was executed: the way here was a link of another site.",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Executed once", text, StringComparison.Ordinal);
        Assert.Contains("""name="userId" value="1" """, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_measured_here_is_the_service_s_own_in_the_audit()
    {
        await Service.OpenAsync("/sql/users/list_users_by_name/plan?name=O'Neil%0A%5C&after=0&limit=5");

        var audit = await Service.GetAdminAsync("/sql/audit");

        Assert.Equal("[]", JsonDocument.Parse(audit.Body).RootElement.GetProperty("unknown").GetRawText());
    }

    [Fact]
    public async Task A_file_without_arguments_is_measured_by_its_button()
    {
        var text = SqlPageTests.Words(await Service.OpenAsync("/sql/health/get_journal/plan?run=1"));

        Assert.Contains("Executed once under each plan", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_that_does_not_fit_the_schema_says_so()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync("create extension pg_stat_statements; alter table blog.profile drop column bio cascade");
        await using var service = await ServiceProcess.StartAsync(own.AppConnectionString);

        var plan = await service.OpenAsync("/sql/users/get_profile/plan");
        var other = await service.OpenAsync("/sql/tags/get_tag/plan");
        var catalogue = await service.OpenAsync("/sql");

        Assert.Equal(503, plan.Status);
        Assert.Matches(
            "This file does not fit the schema of this database: 42703: column p.bio does not exist",
            SqlPageTests.Words(plan)
        );
        Assert.Equal(200, other.Status);
        Assert.Equal(200, catalogue.Status);
        Assert.Contains(
            "A statement of the catalogue does not fit the schema of this database: 42703",
            SqlPageTests.Words(catalogue),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_takes_too_long_is_stopped_and_said_so()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await using var service = await ServiceProcess.StartAsync(own.AppConnectionString + ";Command Timeout=1");
        await using var holder = await own.OpenAsync();
        await using var held = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var locking = new NpgsqlCommand("lock table blog.tag in access exclusive mode", holder, held);
        await locking.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var page = await service.OpenAsync("/sql/tags/get_tag/plan?tagId=1");

        Assert.Equal(503, page.Status);
        Assert.Contains(
            "This file took longer than it may, and was stopped",
            SqlPageTests.Words(page),
            StringComparison.Ordinal
        );
        Assert.Contains("""name="tagId" value="1" """, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_blocks_and_a_wrong_estimate_are_marked()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Bystander');
            alter table blog.post set (autovacuum_enabled = false);
            analyze blog.post;
            insert into blog.post (title, content, author_id) select 'T', repeat('c', 700), 1 from generate_series(1, 12000);
            """
        );
        await using var service = await ServiceProcess.StartAsync(own.AppConnectionString);

        var page = await service.OpenAsync("/sql/users/get_user/plan?userId=1&postLimit=20000&withTags=false");

        var text = SqlPageTests.Words(page);
        Assert.Matches("[0-9,]+ times the rows expected", text);
        Assert.Matches("[0-9,]+ blocks \\([0-9.]+ MiB\\) 12,000 rows", text);
    }

    [Fact]
    public async Task A_program_gets_the_plans_as_before_and_with_arguments_both_of_them()
    {
        var before = JsonDocument.Parse((await Service.GetAdminAsync("/sql/users/get_user/plan")).Body).RootElement;
        var both = JsonDocument
            .Parse((await Service.GetAdminAsync("/sql/users/get_user_revision/plan?userId=1")).Body)
            .RootElement;
        var bad = await Service.GetAdminAsync("/sql/users/get_user_revision/plan?userId=x");

        Assert.Equal(
            ["statement", "plan"],
            before.GetProperty("items")[0].EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(["is_measured", "generic", "custom"], both.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, both.GetProperty("generic")[0].GetProperty("rows").GetDouble());
        Assert.Equal((400, "application/problem+json"), (bad.Status, bad["Content-Type"]));
        Assert.Contains("invalid input syntax for type bigint", bad.Body, StringComparison.Ordinal);
    }
}
