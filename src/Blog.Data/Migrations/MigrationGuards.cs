using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>Refuses a server, a route to it or a role with which the migrations cannot be safe.</summary>
static class MigrationGuards
{
    /// <summary>What the server says about itself, this session and its role.</summary>
    internal sealed record Answers(
        int ServerVersion,
        int BackendPid,
        bool InRecovery,
        string Role,
        bool Superuser,
        bool MayCreateRoles,
        bool MayActAsOwner
    );

    /// <exception cref="MigrationException">The first guard that refuses.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand(
            """
            select
              current_setting('server_version_num')::int,
              pg_catalog.pg_backend_pid(),
              pg_catalog.pg_is_in_recovery(),
              r.rolname::text,
              r.rolsuper,
              r.rolcreaterole,
              coalesce((
                select pg_catalog.pg_has_role(r.oid, o.oid, 'member')
                from pg_catalog.pg_roles o
                where o.rolname = 'blog_owner'
              ), false)
            from pg_catalog.pg_roles r
            where r.rolname = current_user
            """,
            connection
        );
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var answers = new Answers(
            reader.GetInt32(0),
            reader.GetInt32(1),
            reader.GetBoolean(2),
            reader.GetString(3),
            reader.GetBoolean(4),
            reader.GetBoolean(5),
            reader.GetBoolean(6)
        );
        if (Refusal(answers, connection.ProcessID) is { } refusal)
            throw new MigrationException(MigrationFailure.Failed, refusal + " Nothing was run.");
    }

    /// <summary>Why not, or null. <paramref name="announcedPid"/> is what the other end said when the connection was made.</summary>
    internal static string? Refusal(Answers server, int announcedPid) =>
        server switch
        {
            { ServerVersion: < 150000 } =>
                $"The server is PostgreSQL {server.ServerVersion / 10000}; the scripts need 15 or later.",
            // A pooler announces a number of its own; the lock would then belong to whichever session it lends next.
            _ when server.BackendPid != announcedPid =>
                "There is a connection pooler between here and the server, and the migration lock would not hold through it. "
                    + "Connect to the server's own port.",
            { InRecovery: true } => "The server is a standby and takes no writes. Connect to the primary.",
            { Superuser: false, MayCreateRoles: false, MayActAsOwner: false } =>
                $"Role {server.Role} is not a superuser, may not create roles and is not a member of blog_owner. "
                    + "Connect as blog_migrator, or as a superuser for the first run.",
            _ => null,
        };
}
