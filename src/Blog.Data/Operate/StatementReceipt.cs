using Blog.Data.Plans;

namespace Blog.Data.Operate;

/// <summary>A statement that was sent, and what each of its plans does with the same arguments.</summary>
/// <param name="Id">As in its comment: <c>users/get_user 1</c>.</param>
/// <param name="File">Where it stands in the repository.</param>
/// <param name="Arguments">By name, as PostgreSQL reads them; only those that the statement takes.</param>
/// <param name="IsExecuted">Whether it was executed; where only its plan was asked for, both are what the planner expects.</param>
/// <param name="Holds">Whether both plans keep to its contract; null where it was not executed.</param>
/// <param name="Generic">The plan for any arguments: what the service works with.</param>
/// <param name="Custom">The plan for these.</param>
public sealed record StatementReceipt(
    string Id,
    string File,
    IReadOnlyDictionary<string, string?> Arguments,
    bool IsExecuted,
    bool? Holds,
    PlanReceipt Generic,
    PlanReceipt Custom
);

/// <summary>One plan and what it took. What was measured is null where the statement was not executed.</summary>
/// <param name="Rows">Rows that came back.</param>
/// <param name="Milliseconds">Time of the whole plan.</param>
/// <param name="Buffers">Blocks of 8 KiB that it touched.</param>
/// <param name="Broken">What its contract does not allow; empty where it holds.</param>
/// <param name="Plan">From the top.</param>
public sealed record PlanReceipt(
    double? Rows,
    double? Milliseconds,
    long? Buffers,
    IReadOnlyList<BrokenPromise> Broken,
    PlanNode Plan
);

/// <summary>A property of a contract that a plan does not have.</summary>
/// <param name="Property">As the plan file calls it: <c>buffers</c>, <c>whole</c>.</param>
/// <param name="Bound">What it may be at most; null where that is not a number or none was approved.</param>
/// <param name="Measured">What it is; null where that is not a number.</param>
/// <param name="Told">The same in words.</param>
/// <param name="Step">The step of the plan that is responsible, in a line; null where there is none.</param>
public sealed record BrokenPromise(string Property, double? Bound, double? Measured, string Told, string? Step)
{
    internal static BrokenPromise Of(BrokenProperty broken) =>
        new(
            PlanText.Word(broken.Property),
            broken.Bound,
            broken.Measured,
            broken.Told,
            broken.Node is null ? null : BrokenProperty.Label(broken.Node)
        );
}
