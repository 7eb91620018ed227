using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

public class GuardTests(PostgresServer server)
{
    static readonly MigrationGuards.Answers Fine = new(180000, 42, false, "blog_migrator", false, false, true);

    [Fact]
    public void A_member_of_the_owner_a_superuser_and_a_maker_of_roles_are_let_in()
    {
        Assert.Null(MigrationGuards.Refusal(Fine, 42));
        Assert.Null(MigrationGuards.Refusal(Fine with { MayActAsOwner = false, Superuser = true }, 42));
        Assert.Null(MigrationGuards.Refusal(Fine with { MayActAsOwner = false, MayCreateRoles = true }, 42));
    }

    [Fact]
    public void An_old_server_is_refused() =>
        Assert.Equal(
            "The server is PostgreSQL 14; the scripts need 15 or later.",
            MigrationGuards.Refusal(Fine with { ServerVersion = 140012 }, 42)
        );

    [Fact]
    public void A_standby_is_refused() =>
        Assert.Equal(
            "The server is a standby and takes no writes. Connect to the primary.",
            MigrationGuards.Refusal(Fine with { InRecovery = true }, 42)
        );

    [Fact]
    public async Task A_role_that_cannot_own_anything_is_refused()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        var failure = await Assert.ThrowsAsync<MigrationException>(() =>
            new MigrationRunner(database.AppConnectionString).ApplyAsync(Run.Stop)
        );

        Assert.Equal(MigrationFailure.Failed, failure.Failure);
        Assert.Equal(
            "Role blog_app is not a superuser, may not create roles and is not a member of blog_owner. "
                + "Connect as blog_migrator, or as a superuser for the first run. Nothing was run.",
            failure.Message
        );
    }

    [Fact]
    public async Task A_pooler_in_between_is_refused()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await using var pooler = Pooler.InFrontOf(database.SuperuserConnectionString);

        var failure = await Assert.ThrowsAsync<MigrationException>(() =>
            new MigrationRunner(pooler.ConnectionString).ApplyAsync(Run.Stop)
        );

        Assert.Equal(
            "There is a connection pooler between here and the server, and the migration lock would not hold through it. "
                + "Connect to the server's own port. Nothing was run.",
            failure.Message
        );
        Assert.Empty(await database.ListAsync("select nspname from pg_namespace where nspname = 'blog'"));
    }
}
