using System.Globalization;
using System.Text;
using Blog.Data.Migrations.Released;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>The part of a dossier that is another one in every run: times, the write-ahead log, and what the planner reckons.</summary>
static class DossierNumbers
{
    internal static string Of(Dossier dossier)
    {
        var page = new StringBuilder();
        var sizes = dossier
            .Measures.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Scale.Posts:#,0} posts"))
            .ToArray();
        Line("");
        Line(
            $"On PostgreSQL {dossier.Server}, right behind a checkpoint, without parallel workers and with nobody else there. No test compares what follows."
        );
        Line("");
        Line($"| statement | {string.Join(" | ", sizes.Select(size => $"time with {size} | log | rows read"))} |");
        Line($"|---|{string.Concat(dossier.Measures.Select(_ => "--:|--:|--:|"))}");
        foreach (var row in StatementRow.Of(dossier))
        {
            var numbers = row.Statements.Select(one => one.Number).ToHashSet();
            Line(Row(row.Numbers, one => one.Statements.Where(statement => numbers.Contains(statement.Number))));
        }

        Line(Row("all", one => one.Statements));
        foreach (var held in dossier.Barriers)
        {
            var times = dossier.Measures.Select(one =>
                DossierText.Time(
                    one.Statements.Where(statement => statement.Number >= held.Since)
                        .Sum(statement => statement.Milliseconds)
                )
            );
            Line("");
            Line(
                $"{held.Name} kept {(held.Blocks == Blocking.Writes ? "those who write" : "everybody")} waiting for {string.Join(" and ", times)}."
            );
        }

        Plans(dossier.Measures[^1].Plans, sizes.Last());
        if (dossier.Smallest.Broken is { } broken)
        {
            Line("");
            Line($"## Release {ReleasedCatalogue.Last.Release}");
            Line("");
            if (broken.Count == 0)
            {
                Line($"Every statement of release {ReleasedCatalogue.Last.Release} goes on working.");
            }

            foreach (var statement in broken)
            {
                Line($"- breaks: {statement}");
            }
        }

        return page.ToString();

        string Row(string name, Func<ScriptMeasure, IEnumerable<StatementMeasure>> of) =>
            $"| {name} | {string.Join(" | ", dossier.Measures.Select(one => Cells([.. of(one)])))} |";

        void Plans(PlanShift plans, string size)
        {
            Line("");
            Line("## Plans");
            Line("");
            Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"With {size}, for any arguments, before anything is analysed anew: {plans.Same} statements keep their plan, {plans.Changed.Count} get another, {plans.Begun} can be planned only now and {plans.Stopped.Count} no longer."
                )
            );
            if (plans.Changed.Count + plans.Stopped.Count > 0)
            {
                Line("");
            }

            foreach (var changed in plans.Changed)
            {
                Line(
                    $"- {changed.Name}: {changed.Words}; cost {DossierText.Cost(changed.CostBefore)}, now {DossierText.Cost(changed.CostAfter)}"
                );
            }

            foreach (var stopped in plans.Stopped)
            {
                Line($"- {stopped.Name} can no longer be planned: {stopped.Reason}");
            }
        }

        void Line(string line) => page.Append(line).Append('\n');
    }

    static string Cells(IReadOnlyList<StatementMeasure> statements) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{DossierText.Time(statements.Sum(one => one.Milliseconds))} | {DossierText.Bytes(statements.Sum(one => one.WalBytes))} | {statements.Sum(one => one.Read.Sum(rows => rows.Rows)):#,0}"
        );
}
