using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>
/// <c>blog.schemaversions</c>: the table DbUp would make, with four more columns that it leaves null and an index
/// that keeps a script from being journalled twice.
/// </summary>
/// <remarks>
/// The shape is DbUp's own, read in <c>PostgresqlTableJournal.CreateSchemaTableSql</c> of dbup-postgresql 6. DbUp writes
/// <c>applied</c> as <c>DateTime.Now</c>: the local clock of the machine that runs it, without a zone. So does this
/// journal, because one column with two clocks could not be read; the server's clock is in none of the rows.
/// </remarks>
static class MigrationJournal
{
    const string CreateTable = """
        create schema if not exists blog;
        create table blog.schemaversions (
          schemaversionsid serial not null,
          scriptname character varying(255) not null,
          applied timestamp without time zone not null,
          constraint "PK_schemaversions_Id" primary key (schemaversionsid)
        );
        """;

    const string AddColumns = """
        alter table blog.schemaversions
          add column if not exists checksum text,
          add column if not exists duration_ms bigint,
          add column if not exists applied_by text,
          add column if not exists runner text;
        create unique index if not exists schemaversions_scriptname_key on blog.schemaversions (scriptname);
        comment on table blog.schemaversions is 'The journal of the migrations, in the shape DbUp reads and writes.';
        comment on column blog.schemaversions.schemaversionsid is 'Order in which the scripts were journalled.';
        comment on column blog.schemaversions.scriptname is 'File name of the script; once only.';
        comment on column blog.schemaversions.applied is 'When, by the local clock of the machine that applied it; no zone, as DbUp does.';
        comment on column blog.schemaversions.checksum is 'SHA-256 of the script with line ends as LF; null until a row of DbUp is adopted.';
        comment on column blog.schemaversions.duration_ms is 'How long the script took, in milliseconds; null when DbUp applied it.';
        comment on column blog.schemaversions.applied_by is 'The role that connected to apply it; null when DbUp applied it.';
        comment on column blog.schemaversions.runner is 'The program that applied it: blog or dbup.';
        """;

    /// <summary>One row. The checksum is null when DbUp wrote it.</summary>
    internal sealed record Row(string Script, DateTime Applied, string? Checksum);

    /// <summary>What was found: no table at all, or its rows and whether the four columns are there.</summary>
    internal sealed record Found(bool Exists, bool Complete, IReadOnlyList<Row> Rows);

    /// <summary>Reads the journal; changes nothing.</summary>
    /// <exception cref="MigrationException">It is there and cannot be read, or it is missing although the schema has tables.</exception>
    internal static async Task<Found> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (exists, columns, tables) = await LookAsync(connection, cancellationToken);
        if (!exists && tables > 0)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"Schema blog holds {tables} tables or views but no journal blog.schemaversions, so nobody knows which scripts it has seen. "
                    + "Nothing was run. Restore the journal; or, if the schema is this build's, run: blog migrate baseline"
            );
        }

        if (!exists)
            return new(false, false, []);
        var complete = columns >= 4;
        var rows = new List<Row>();
        try
        {
            await using var select = new NpgsqlCommand(
                $"""
                select scriptname, applied, {(complete ? "checksum" : "null::text")}
                from blog.schemaversions
                order by scriptname
                """,
                connection
            );
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(
                    new(
                        reader.GetString(0),
                        reader.GetDateTime(1),
                        await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2)
                    )
                );
            }
        }
        catch (Exception unreadable) when (unreadable is PostgresException or InvalidCastException)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"The journal blog.schemaversions is there but cannot be read: {unreadable.Message} Nothing was run: "
                    + "an unreadable journal is not an empty one.",
                innerException: unreadable
            );
        }

        return rows.CountBy(row => row.Script).FirstOrDefault(script => script.Value > 1) is { Value: > 1 } twice
            ? throw new MigrationException(
                MigrationFailure.Failed,
                $"The journal lists {twice.Key} {twice.Value} times: runners without a lock ran it more than once. Nothing was run. "
                    + "Check what the script did twice, then delete all but the first row.",
                twice.Key
            )
            : new(true, complete, rows);
    }

    /// <summary>What makes the schema, the table and its four columns where they are missing; empty where none is.</summary>
    internal static string Completion(Found found) =>
        found.Complete ? ""
        : found.Exists ? AddColumns
        : $"{CreateTable}\n{AddColumns}";

    /// <summary>Runs <see cref="Completion"/>, in the transaction of the connection.</summary>
    internal static async Task CompleteAsync(
        NpgsqlConnection connection,
        Found found,
        TimeSpan lockTimeout,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(connection, ScriptFrame.LockTimeout(lockTimeout), cancellationToken);
        if (Completion(found) is { Length: > 0 } completion)
            await ExecuteAsync(connection, completion, cancellationToken);
    }

    /// <summary>The statement that journals a script, with expressions for what it stores.</summary>
    internal static string Addition(string script, string applied, string checksum, string duration) =>
        $"""
            insert into blog.schemaversions (scriptname, applied, checksum, duration_ms, applied_by, runner)
            values ({script}, {applied}, {checksum}, {duration}, session_user, 'blog')
            """;

    /// <summary>The statement that completes a row of DbUp, with expressions for what it stores.</summary>
    internal static string Adoption(string script, string checksum, string duration) =>
        $"""
            update blog.schemaversions
            set checksum = {checksum}, runner = 'dbup', duration_ms = {duration}, applied_by = case when {duration} is not null then session_user end
            where scriptname = {script} and checksum is null
            """;

    /// <summary>Journals a script, on the connection and in the transaction that ran it.</summary>
    internal static async Task AddAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        TimeSpan duration,
        DateTime localNow,
        CancellationToken cancellationToken
    )
    {
        await using var insert = new NpgsqlCommand(Addition("$1", "$2", "$3", "$4"), connection)
        {
            Parameters =
            {
                new() { Value = script.Name },
                new() { Value = DateTime.SpecifyKind(localNow, DateTimeKind.Unspecified) },
                new() { Value = script.Checksum },
                new() { Value = (long)duration.TotalMilliseconds },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Completes a row that DbUp wrote; a row that has its checksum stays as it is.</summary>
    /// <param name="duration">Null when DbUp ran on its own, and nobody knows how long or as whom.</param>
    internal static async Task AdoptAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        TimeSpan? duration,
        CancellationToken cancellationToken
    )
    {
        await using var update = new NpgsqlCommand(Adoption("$1", "$2", "$3"), connection)
        {
            Parameters =
            {
                new() { Value = script.Name },
                new() { Value = script.Checksum },
                new NpgsqlParameter<long?> { TypedValue = (long?)duration?.TotalMilliseconds },
            },
        };
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Asked of the catalogue, which everybody may read: whether the table is there never depends on a right.</summary>
    static async Task<(bool Exists, long Columns, long Tables)> LookAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var look = new NpgsqlCommand(
            """
            select
              coalesce(bool_or(c.relname = 'schemaversions'), false),
              coalesce(sum((
                select count(*)
                from pg_catalog.pg_attribute a
                where c.relname = 'schemaversions' and a.attrelid = c.oid and not a.attisdropped
                  and a.attname in ('checksum', 'duration_ms', 'applied_by', 'runner')
              )), 0)::bigint,
              count(*)
            from pg_catalog.pg_class c
            where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
              and c.relkind in ('r', 'p', 'v', 'm', 'f')
            """,
            connection
        );
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
