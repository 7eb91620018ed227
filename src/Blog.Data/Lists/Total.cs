using System.Text.Json;

namespace Blog.Data.Lists;

/// <summary>Whether and how a list is counted.</summary>
public enum CountMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Row by row, up to the 10,000 of the statements.</summary>
    Exact,

    /// <summary>By what the planner reckons with; no row is read.</summary>
    Planned,
}

/// <summary>How many rows a list has.</summary>
/// <param name="Value">The number.</param>
/// <param name="Is"><c>exact</c>, <c>at_least</c> or <c>planned</c>.</param>
public sealed record Total(long Value, string Is)
{
    /// <summary>Reads the result set that <see cref="AccessPath.RoundTrip"/> added to the page.</summary>
    internal static async Task<Total?> ReadAsync(ResultSets sets, CountMode mode) =>
        mode switch
        {
            CountMode.Exact => (await sets.ReadAsync<TotalRow>())[0].ToTotal(),
            CountMode.Planned => new(RowsOf((await sets.ReadAsync<string>())[0]), "planned"),
            _ => null,
        };

    /// <summary>What the planner expects below the aggregate and the limits of a count: all matching rows.</summary>
    static long RowsOf(string plan)
    {
        using var document = JsonDocument.Parse(plan);
        var node = document.RootElement[0].GetProperty("Plan");
        while (
            node.GetProperty("Node Type").GetString() is "Aggregate" or "Limit"
            && node.TryGetProperty("Plans", out var below)
            && below
                .EnumerateArray()
                .FirstOrDefault(child => child.GetProperty("Parent Relationship").GetString() is "Outer" or "Subquery")
                is { ValueKind: JsonValueKind.Object } child
        )
        {
            node = child;
        }

        return (long)node.GetProperty("Plan Rows").GetDouble();
    }

    sealed record TotalRow(long Total, bool IsAll)
    {
        public Total ToTotal() => new(Total, IsAll ? "exact" : "at_least");
    }
}
