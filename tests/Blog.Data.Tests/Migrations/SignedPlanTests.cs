using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

public class SignedPlanTests(PostgresServer server)
{
    static readonly MigrationScript A = Run.Script("0001_create_a.sql", "create table blog.a (n int);\n");
    static readonly MigrationScript B = Run.Script("0002_create_b.sql", "create table blog.b (n int);\n");
    static readonly MigrationScript Other = Run.Script("0002_create_b.sql", "create table blog.c (n int);\n");

    [Fact]
    public async Task What_was_signed_is_applied_however_the_server_is_reached()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var signed = await PlanAsync(database, A, B);
        var elsewhere = Resealed(signed, "-- server:   ", "-- server:   another.example.org:1, not ");

        var report = await Run.Apply(database, new MigrationOptions { Scripts = [A, B], SignedPlan = elsewhere });

        Assert.Equal(["0001_create_a.sql", "0002_create_b.sql"], report.Applied.Select(script => script.Name));
    }

    [Fact]
    public async Task Another_text_of_a_script_is_not_applied()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var signed = await PlanAsync(database, A, B);

        var refused = await Run.Refused(database, new MigrationOptions { Scripts = [A, Other], SignedPlan = signed });

        Assert.Equal(MigrationFailure.Unsafe, refused.Failure);
        Assert.Equal(
            $"What would be applied is not what was signed. Line 9 of the plan says \"--   0002_create_b.sql {B.Checksum}\", "
                + $"and would say \"--   0002_create_b.sql {Other.Checksum}\" now. Nothing was run. Make the plan anew, and have it signed.",
            refused.Message
        );
        Assert.Empty(await database.ListAsync("select nspname from pg_namespace where nspname = 'blog'"));
    }

    [Fact]
    public async Task Nothing_is_applied_where_another_has_been_since()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var signed = await PlanAsync(database, A, B);
        await Run.Apply(database, A);

        var refused = await Run.Refused(database, new MigrationOptions { Scripts = [A, B], SignedPlan = signed });

        Assert.Equal(MigrationFailure.Unsafe, refused.Failure);
        Assert.Equal(["0001_create_a.sql"], await Run.Journal(database));
    }

    [Fact]
    public async Task A_plan_that_was_changed_is_none()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var signed = await PlanAsync(database, A, B);

        var changed = await Run.Refused(
            database,
            new MigrationOptions
            {
                Scripts = [A, B],
                SignedPlan = signed.Replace("blog.b (n int)", "blog.b (n bigint)", StringComparison.Ordinal),
            }
        );
        var shorter = await Run.Refused(
            database,
            new MigrationOptions
            {
                Scripts = [A, B],
                SignedPlan = signed[..signed.LastIndexOf("--", StringComparison.Ordinal)],
            }
        );

        const string Message =
            "The plan was changed after it was made: its last line is not the SHA-256 of those above it. Nothing was run. Make the plan anew, and have it signed.";
        Assert.Equal((MigrationFailure.Unsafe, Message), (changed.Failure, changed.Message));
        Assert.Equal((MigrationFailure.Unsafe, Message), (shorter.Failure, shorter.Message));
    }

    static async Task<string> PlanAsync(TestDatabase database, params MigrationScript[] scripts) =>
        (
            await new MigrationRunner(database.SuperuserConnectionString, new() { Scripts = scripts }).PlanAsync(
                Run.Stop
            )
        ).Text;

    /// <summary>Changed, with a last line that fits.</summary>
    static string Resealed(string plan, string old, string replacement)
    {
        var above = plan[..plan.LastIndexOf("--", StringComparison.Ordinal)]
            .Replace(old, replacement, StringComparison.Ordinal);
        return $"{above}-- sha256 of everything above: {Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(above)))}\n";
    }
}
