namespace Blog.Data.Migrations.Review;

/// <summary>What a script does that holds up or breaks whoever uses the database, or that nobody can review.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="Line">Of the script, from 1.</param>
/// <param name="Rule">The name of the rule, as an allowance has it.</param>
/// <param name="Problem">Who would be held up, and why.</param>
/// <param name="SafeForm">How it is written instead.</param>
public sealed record MigrationFinding(string Script, int Line, string Rule, string Problem, string SafeForm);

/// <summary>A finding that its script allows, by a line <c>-- lint: allow rule: reason</c>.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="Line">Of the line that allows it, from 1.</param>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Reason">As written; never empty.</param>
public sealed record MigrationAllowance(string Script, int Line, string Rule, string Reason);

/// <summary>The review of scripts by their text alone; no database is asked.</summary>
/// <param name="Findings">By script and line; empty where all is well.</param>
/// <param name="Allowances">By script and line.</param>
public sealed record MigrationReview(
    IReadOnlyList<MigrationFinding> Findings,
    IReadOnlyList<MigrationAllowance> Allowances
)
{
    /// <summary>Reviews scripts.</summary>
    /// <param name="scripts">All of them, in order: names are replayed from the first on.</param>
    public static MigrationReview Of(IReadOnlyList<MigrationScript> scripts)
    {
        ArgumentNullException.ThrowIfNull(scripts);
        var schema = new KnownSchema();
        var findings = new List<MigrationFinding>();
        var allowances = new List<MigrationAllowance>();
        foreach (var script in scripts)
        {
            var breaches = Breaches(script, schema);
            var excuses = Excuses.Of(script);
            findings.AddRange(
                breaches
                    .Where(one => !excuses.Any(excuse => excuse.Reason.Length > 0 && Covers(excuse, one, script)))
                    .Concat(
                        excuses
                            .Select(excuse => Excuses.Refusal(excuse, breaches.Any(one => Covers(excuse, one, script))))
                            .OfType<Breach>()
                    )
                    .Select(one => new MigrationFinding(
                        script.Name,
                        LineOf(script, one.Offset),
                        one.Rule,
                        one.Problem,
                        one.SafeForm
                    ))
                    .OrderBy(one => one.Line)
            );
            allowances.AddRange(
                excuses
                    .Where(excuse => excuse.Reason.Length > 0 && breaches.Any(one => Covers(excuse, one, script)))
                    .Select(excuse => new MigrationAllowance(
                        script.Name,
                        LineOf(script, excuse.Offset),
                        excuse.Rule,
                        excuse.Reason
                    ))
            );
        }

        return new(findings, allowances);
    }

    static List<Breach> Breaches(MigrationScript script, KnownSchema schema)
    {
        List<Breach> breaches = [.. FormRules.Header(script)];
        SchemaChange[] changes = [.. script.Statements.SelectMany(StatementChanges.Of)];
        foreach (var change in changes)
        {
            breaches.AddRange(LockRules.Of(change, script, schema));
            breaches.AddRange(BreakingRules.Of(change, script, schema));
            breaches.AddRange(FormRules.Of(change, schema));
            schema.Apply(change, script);
        }

        return [.. breaches, .. FormRules.Comments(changes), .. FormRules.ForeignKeys(changes, schema)];
    }

    /// <summary>Whether an excuse stands above the statement that breaks its rule; what the whole script breaks is excused above the first.</summary>
    static bool Covers(Excuses.Excuse excuse, Breach breach, MigrationScript script) =>
        excuse.Rule == breach.Rule
        && excuse.Statement
            == Math.Max(0, script.Statements.ToList().FindLastIndex(statement => statement.Offset <= breach.Offset));

    static int LineOf(MigrationScript script, int offset) => 1 + script.Text.AsSpan(0, offset).Count('\n');
}
