namespace Blog.Data.Migrations.Dossiers;

/// <summary>What was measured, in sentences for whoever reads and writes meanwhile.</summary>
static class DossierMeaning
{
    internal static IEnumerable<string> Of(Dossier dossier)
    {
        var statements = dossier.Smallest.Statements;
        var barriers = dossier.Barriers;
        var during = dossier.Script.RunsInTransaction ? "the script ends" : "it has ended";
        foreach (var held in barriers)
        {
            yield return held.Blocks == Blocking.Writes
                ? $"{held.Name}: whoever writes waits from statement {held.Since} until {during}; whoever reads goes on."
                : $"{held.Name}: whoever reads or writes waits from statement {held.Since} until {during}.";
        }

        if (barriers.Count == 0)
        {
            yield return "Nobody who reads or writes waits for it.";
        }

        if (!dossier.Script.RunsInTransaction)
        {
            yield return "It runs outside of a transaction, and waits itself for those who are at work when it begins, for as long as they take.";
        }
        else if (barriers.Count > 0)
        {
            yield return "It waits for those who are using these, and whoever comes later waits behind it: for half a second at most, then the runner rolls it back and tries again.";
        }

        foreach (var table in Names(statements.SelectMany(statement => statement.Rewritten), "table "))
        {
            yield return $"{table} is written anew as a whole, with its indexes: that takes as much space again, and the longer the larger it is.";
        }

        foreach (var table in Tables(statements.SelectMany(statement => statement.Written)))
        {
            yield return $"Rows of {table} are changed: whoever changes one of them as well waits until the script ends.";
        }

        foreach (var table in Tables(statements.SelectMany(statement => statement.Read)))
        {
            yield return $"Rows of {table} are read: it takes the longer the more there are.";
        }
    }

    static IEnumerable<string> Names(IEnumerable<string> relations, string kind) =>
        relations
            .Where(one => one.StartsWith(kind, StringComparison.Ordinal))
            .Select(one => one[kind.Length..])
            .Distinct(StringComparer.Ordinal);

    static IEnumerable<string> Tables(IEnumerable<TableRows> rows) =>
        rows.Select(one => one.Table).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
