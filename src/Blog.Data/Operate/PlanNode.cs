using System.Text.Json;
using System.Text.Json.Serialization;

namespace Blog.Data.Operate;

/// <summary>Which plan a prepared statement gets.</summary>
public enum PlanMode
{
    /// <summary>One for all arguments: what the service works with.</summary>
    Generic,

    /// <summary>One for these arguments.</summary>
    Custom,
}

/// <summary>One step of a plan and those that feed it. What was measured is null where the statement was not executed.</summary>
/// <param name="Type">What PostgreSQL calls it: <c>Index Scan</c>, <c>Nested Loop</c>.</param>
/// <param name="Relation">The table it reads or writes; null where none.</param>
/// <param name="Index">The index it reads; null where none.</param>
/// <param name="Source">What it reads where that is no table: a common table expression or a function; null where none.</param>
/// <param name="Subplan">What it is to the step above, where it does not simply feed it: <c>CTE wanted</c>, <c>InitPlan 1</c>.</param>
/// <param name="Conditions">What it looks up by, joins on, filters by or sorts by, in words of the plan: <c>Index Cond: (id = $1)</c>.</param>
/// <param name="EstimatedRows">How many rows the planner expects of one run.</param>
/// <param name="EstimatedCost">What the planner reckons for it and all below, in its own unit.</param>
/// <param name="Rows">Rows that it gave, all runs together.</param>
/// <param name="Loops">How often it ran; 0 where it never did.</param>
/// <param name="RowsRemoved">Rows that it read and a filter or a recheck threw away, all runs together.</param>
/// <param name="Buffers">Blocks of 8 KiB that it and all below it touched.</param>
/// <param name="Milliseconds">Time of it and all below it, all runs together.</param>
/// <param name="Below">The steps that feed it.</param>
public sealed record PlanNode(
    string Type,
    string? Relation,
    string? Index,
    string? Source,
    string? Subplan,
    IReadOnlyList<string> Conditions,
    double EstimatedRows,
    double EstimatedCost,
    double? Rows,
    double? Loops,
    double? RowsRemoved,
    long? Buffers,
    double? Milliseconds,
    IReadOnlyList<PlanNode> Below
)
{
    static readonly string[] conditions =
    [
        "Index Cond",
        "Recheck Cond",
        "TID Cond",
        "Hash Cond",
        "Merge Cond",
        "Join Filter",
        "Filter",
        "One-Time Filter",
        "Order By",
        "Sort Key",
        "Presorted Key",
        "Group Key",
        "Conflict Resolution",
        "Conflict Arbiter Indexes",
    ];

    static readonly string[] removals =
    [
        "Rows Removed by Filter",
        "Rows Removed by Index Recheck",
        "Rows Removed by Join Filter",
    ];

    /// <summary>This step and every one below it, from the top.</summary>
    [JsonIgnore]
    public IEnumerable<PlanNode> All => Below.SelectMany(node => node.All).Prepend(this);

    /// <summary>Reads what <c>explain (format json)</c> answers.</summary>
    /// <param name="json">The whole answer: an array of one object with the member Plan.</param>
    public static PlanNode Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Parse(document.RootElement[0].GetProperty("Plan"));
    }

    static PlanNode Parse(JsonElement node)
    {
        var loops = Number(node, "Actual Loops");
        return new(
            Text(node, "Node Type") ?? "",
            Text(node, "Relation Name"),
            Text(node, "Index Name"),
            Text(node, "CTE Name") ?? Text(node, "Function Name"),
            Text(node, "Subplan Name"),
            [
                .. conditions
                    .Where(name => node.TryGetProperty(name, out _))
                    .Select(name => $"{name}: {Written(node.GetProperty(name))}"),
            ],
            Number(node, "Plan Rows") ?? 0,
            Number(node, "Total Cost") ?? 0,
            Number(node, "Actual Rows") * loops,
            loops,
            loops is null ? null : removals.Sum(name => Number(node, name) ?? 0) * loops,
            (long?)(Number(node, "Shared Hit Blocks") + Number(node, "Shared Read Blocks")),
            Number(node, "Actual Total Time") * loops,
            node.TryGetProperty("Plans", out var below) ? [.. below.EnumerateArray().Select(Parse)] : []
        );
    }

    static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? value.GetString() : null;

    static double? Number(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    static string Written(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? string.Join(", ", value.EnumerateArray().Select(item => item.GetString()))
            : value.GetString() ?? "";
}
