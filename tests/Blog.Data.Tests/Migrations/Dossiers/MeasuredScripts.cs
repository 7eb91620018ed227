using Blog.Data.Migrations;
using Blog.Data.Migrations.Dossiers;
using Blog.Data.Plans;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations.Dossiers;

/// <summary>The scripts of the build, and behind them some that no team would want, each run on one small copy and measured.</summary>
public sealed class MeasuredScripts(PostgresServer server) : IAsyncLifetime
{
    static readonly (string Name, string Sql)[] added =
    [
        (
            "9001_default.sql",
            """
            -- 9001_default: tries.
            -- locks: none at all,
            --        says the header.
            update blog.tag set version = version where id <= 3;
            alter table blog.post add column token uuid not null default gen_random_uuid();
            comment on column blog.post.token is 'Behind it.';
            """
        ),
        ("9002_index.sql", "create index post_title_idx on blog.post (title);"),
        (
            "9003_checked.sql",
            "alter table blog.post add constraint post_checked_fkey foreign key (author_id) references blog.users (id);"
        ),
        (
            "9004_unchecked.sql",
            "alter table blog.post add constraint post_unchecked_fkey foreign key (author_id) references blog.users (id) not valid;"
        ),
        (
            "9005_reindex_concurrently.sql",
            "-- migrate: no-transaction\nreindex index concurrently blog.post_author_id_id_idx;"
        ),
        ("9006_vacuum.sql", "-- migrate: no-transaction\nvacuum blog.post;"),
        ("9007_drop_concurrently.sql", "-- migrate: no-transaction\ndrop index concurrently blog.users_name_id_idx;"),
        ("9008_index_names.sql", "create index users_name_id_idx on blog.users (name, id);"),
        ("9009_rename_column.sql", "alter table blog.idempotency_key rename column body to answer;"),
        ("9010_rename_back.sql", "alter table blog.idempotency_key rename column answer to body;"),
    ];

    IReadOnlyList<Dossier> all = [];

    /// <summary>Those of the build.</summary>
    internal IEnumerable<Dossier> OfBuild => all.Where(one => string.CompareOrdinal(one.Script.Name, "9") < 0);

    internal Dossier this[string number] =>
        all.Single(one => one.Script.Name.StartsWith(number, StringComparison.Ordinal));

    public async ValueTask InitializeAsync() =>
        all = await MeasureAsync(
            server,
            [.. MigrationScript.LoadAll(), .. added.Select(one => new MigrationScript(one.Name, one.Sql))]
        );

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static async Task<IReadOnlyList<Dossier>> MeasureAsync(
        PostgresServer server,
        IReadOnlyList<MigrationScript> scripts
    )
    {
        await using var copy = await TestDatabase.CreateEmptyAsync(server);
        var run = new DossierRun(copy.ConnectionString, PlanScale.Small);
        var measures = await run.MeasureAsync(scripts, _ => true, watchesLocks: true, step: null, Run.Stop);
        return [.. measures.Select(one => new Dossier(one.Script, "15", [one.Measure]))];
    }

    /// <summary>A statement's locks, files and rows, a line each.</summary>
    internal static string[] Facts(StatementMeasure statement) =>
        [
            .. statement.Notable.Select(one => $"{one.Mode} {one.Kind} {one.Relation}"),
            .. statement.Rewritten.Select(one => $"writes anew {one}"),
            .. statement.Made.Select(one => $"makes {one}"),
            .. statement.Dropped.Select(one => $"drops {one}"),
            .. statement.Read.Select(one => $"reads {one.Rows} {one.Table}"),
            .. statement.Written.Select(one => $"writes {one.Rows} {one.Table}"),
        ];
}
