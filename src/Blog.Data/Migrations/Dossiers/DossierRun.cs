using Blog.Data.Migrations.Released;
using Blog.Data.Plans;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>Runs scripts one after the other on a copy that is filled meanwhile, and measures them.</summary>
/// <param name="connectionString">
/// To the copy, for a role: postgres, a superuser, or blog_app, the service's. The copy is an empty database that nobody else uses; it is
/// spent when this has ended.
/// </param>
/// <param name="scale">How many rows it is given.</param>
public sealed class DossierRun(Func<string, string> connectionString, PlanScale scale)
{
    readonly string superuser = connectionString("postgres");

    /// <summary>Runs the scripts up to the last one that is wanted.</summary>
    /// <param name="scripts">All of them, in order.</param>
    /// <param name="isWanted">Which are measured.</param>
    /// <param name="watchesLocks">Whether the locks of a no-transaction script are watched; they do not depend on the size.</param>
    /// <param name="step">Called when something begins, with what it is.</param>
    /// <param name="cancellationToken">Ends the statement under way.</param>
    /// <returns>The wanted scripts with what they did.</returns>
    /// <exception cref="MigrationException">A script failed on the copy.</exception>
    public async Task<IReadOnlyList<(MigrationScript Script, ScriptMeasure Measure)>> MeasureAsync(
        IReadOnlyList<MigrationScript> scripts,
        Func<MigrationScript, bool> isWanted,
        bool watchesLocks,
        Action<string>? step,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(scripts);
        // The journal is there before the first script.
        await new MigrationRunner(superuser, new() { Scripts = [] }).ApplyAsync(cancellationToken);
        var fill = new CopyFill(superuser, scale);
        var measured = new List<(MigrationScript, ScriptMeasure)>();
        var last = scripts.LastOrDefault(isWanted);
        foreach (
            var script in scripts.TakeWhile(_ =>
                last is not null && (measured.Count == 0 || measured[^1].Item1 != last)
            )
        )
        {
            step?.Invoke($"fills the copy for {script.Name}");
            await fill.FillAsync(cancellationToken);
            step?.Invoke(script.Name);
            if (isWanted(script))
            {
                measured.Add((script, await MeasureAsync(script, watchesLocks, cancellationToken)));
            }
            else
            {
                await new ScriptOnCopy(superuser, watchesLocks: false).RunAsync(script, cancellationToken);
            }
        }

        return measured;
    }

    /// <summary>The version of the server.</summary>
    public async Task<string> ServerVersionAsync(CancellationToken cancellationToken)
    {
        await using var session = await CopySession.OpenAsync(superuser, cancellationToken);
        var version = await session.AskAsync<string>(
            "select pg_catalog.current_setting('server_version')",
            cancellationToken
        );
        return version.Split(' ')[0];
    }

    async Task<ScriptMeasure> MeasureAsync(
        MigrationScript script,
        bool watchesLocks,
        CancellationToken cancellationToken
    )
    {
        var rows = await RowsAsync(cancellationToken);
        var before = await PlanShift.PlansAsync(superuser, cancellationToken);
        var statements = await new ScriptOnCopy(superuser, watchesLocks).RunAsync(script, cancellationToken);
        var after = await PlanShift.PlansAsync(superuser, cancellationToken);
        var broken = ReleasedCatalogue.Last.Has(script)
            ? null
            : await ReleasedCheck.FindAsync(connectionString("blog_app"), ReleasedCatalogue.Last, cancellationToken);
        return new(scale, rows, statements, PlanShift.Between(before, after), broken);
    }

    async Task<IReadOnlyList<TableRows>> RowsAsync(CancellationToken cancellationToken)
    {
        await using var session = await CopySession.OpenAsync(superuser, cancellationToken);
        var relations = await CopyState.RelationsAsync(session, cancellationToken);
        var rows = new List<TableRows>();
        foreach (
            var table in relations
                .Values.Where(one => one.Kind == "table")
                .Select(one => one.Name)
                .Order(StringComparer.Ordinal)
        )
        {
            rows.Add(
                new(table, await session.AskAsync<long>($"select count(*) from {Quoted(table)}", cancellationToken))
            );
        }

        return rows;
    }

    static string Quoted(string table) =>
        string.Join(
            '.',
            table.Split('.', 2).Select(part => $"\"{part.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
        );
}
