using System.Reflection;
using System.Text.Json.Serialization;

namespace Blog.Data.Migrations.Schema;

/// <summary>
/// The schema blog as its catalogue says it: every object with the SQL that makes it, the rights on it, and the four roles.
/// The same schema gives the same snapshot on every PostgreSQL from 15 on, whatever its locale and the session's settings.
/// </summary>
/// <remarks>What the query of a view looks like is the one thing that servers word differently: from 16 on without the names of tables. There is no view.</remarks>
/// <param name="Items">In the order in which they can be made.</param>
public sealed record SchemaSnapshot(IReadOnlyList<SchemaObject> Items)
{
    const string Resource = "schema";

    const string Head = """
        -- The schema blog as a whole, as the migrations make it up to {0}.
        -- Read from the catalogue of a database by: blog migrate snapshot > sql/schema.sql
        -- Nothing is applied from here, a server is held against it: blog migrate drift. It runs nevertheless, as a superuser, in an empty
        -- database of a cluster that has the four roles, and makes the same schema (tested); only the rows of the migrations are missing.
        -- Each object stands under a line with its name, which is how it is found again.

        set check_function_bodies = off;

        """;

    /// <summary>The last script that the journal of that database names; null where it has none.</summary>
    [JsonIgnore]
    public string? LastScript { get; init; }

    /// <summary>That of this build: <c>sql/schema.sql</c>.</summary>
    public static SchemaSnapshot Committed { get; } = Parse(Read());

    /// <summary>Reads that of a database. Any role that may connect sees all of it: the catalogue is open to everybody.</summary>
    /// <exception cref="MigrationException">The server cannot be reached, or its catalogue cannot be read.</exception>
    public static Task<SchemaSnapshot> ReadAsync(string connectionString, CancellationToken cancellationToken) =>
        CatalogueSession.AskAsync(connectionString, SchemaCatalogue.ReadAsync, cancellationToken);

    /// <summary>As a script, lines ended by a line feed.</summary>
    public string ToSql() =>
        Head.ReplaceLineEndings("\n").Replace("{0}", LastScript ?? "nobody knows where", StringComparison.Ordinal)
        + string.Concat(Items.Select(item => "\n" + item.ToSql()));

    /// <summary>Reads what <see cref="ToSql"/> wrote; <see cref="LastScript"/> is not read back.</summary>
    public static SchemaSnapshot Parse(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return new([
            .. sql.ReplaceLineEndings("\n")
                .Split("\n\n" + SchemaObject.Mark)
                .Skip(1)
                .Select(block => SchemaObject.Parse(SchemaObject.Mark + block)),
        ]);
    }

    static string Read()
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
                ?? throw new InvalidOperationException("sql/schema.sql is not built in.")
        );
        return reader.ReadToEnd();
    }
}
