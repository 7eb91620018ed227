using System.Data.Common;
using Blog.Data.Operate;

namespace Blog.Data.Plans;

/// <summary>Executes the cases of plan contracts in a database that was filled for it, and holds them against their bounds.</summary>
/// <param name="data">As the service connects: its rights and the settings of its role are part of the matter.</param>
/// <param name="scale">Of the database.</param>
public sealed class ContractRun(BlogData data, PlanScale scale)
{
    readonly StatementProbe probe = new(data);

    /// <summary>
    /// Both plans of every statement of one case. Each is executed twice and the second time counts: at the first the session learns of
    /// the tables, and the blocks that it reads for that are nobody's plan.
    /// </summary>
    /// <param name="contract">Of the catalogue, or of a file that is being written.</param>
    /// <param name="one">One of its cases.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<MeasuredCase> MeasureAsync(
        PlanContract contract,
        PlanCase one,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(one);
        ProbedQuery[] queries =
        [
            .. one.First.Select(step => new ProbedQuery(step.Query, step.With.Arguments.At(scale))),
            new(contract.Query, one.With.Arguments.Over(contract.Given.Arguments).At(scale)),
        ];
        var own = queries.SkipLast(1).Sum(probed => probed.Query.Statements.Count);
        try
        {
            var generic = await MeasureAsync(PlanMode.Generic);
            var custom = await MeasureAsync(PlanMode.Custom);
            return MeasuredCase.Of(
                contract,
                one,
                scale,
                [.. generic.Zip(custom, (any, these) => (any, these)).Skip(own)]
            );
        }
        catch (DbException failure) when (failure.SqlState is not null)
        {
            return MeasuredCase.Failed(contract, one, failure);
        }

        async Task<IReadOnlyList<PlanNode>> MeasureAsync(PlanMode mode)
        {
            await probe.MeasureAsync(queries, mode, cancellationToken);
            return await probe.MeasureAsync(queries, mode, cancellationToken);
        }
    }
}

/// <summary>One case as it was measured.</summary>
/// <param name="Contract">Whose case.</param>
/// <param name="Case">Which.</param>
/// <param name="Statements">In their order; empty where one failed.</param>
/// <param name="Broken">Every property that does not hold.</param>
public sealed record MeasuredCase(
    PlanContract Contract,
    PlanCase Case,
    IReadOnlyList<MeasuredStatement> Statements,
    IReadOnlyList<BrokenProperty> Broken
)
{
    /// <summary>The case with what was measured approved at a scale; as it was where a statement failed.</summary>
    public PlanCase Approved(PlanScale scale) =>
        Case with
        {
            Bounds = Statements.Aggregate(
                Case.Bounds,
                (bounds, statement) =>
                    Enum.GetValues<PlanBound>()
                        .Where(property => !Contract.Allows(statement.Number, property.Property))
                        .Aggregate(
                            bounds,
                            (one, property) => one.Approve(statement.Number, property, scale, statement.Most(property))
                        )
            ),
        };

    /// <summary>The same plans, held against other bounds.</summary>
    public MeasuredCase Against(PlanContract contract, PlanCase one, PlanScale scale) =>
        Statements.Count == 0
            ? this
            : Of(contract, one, scale, [.. Statements.Select(statement => (statement.Generic, statement.Custom))]);

    internal static MeasuredCase Of(
        PlanContract contract,
        PlanCase one,
        PlanScale scale,
        IReadOnlyList<(PlanNode Generic, PlanNode Custom)> plans
    )
    {
        var statements = plans.Select((both, at) => new MeasuredStatement(at + 1, both.Generic, both.Custom)).ToList();
        return new(
            contract,
            one,
            statements,
            [
                .. statements.SelectMany(measured =>
                    PlanEvaluator
                        .Evaluate(contract, one, measured.Number, scale, PlanMode.Generic, measured.Generic)
                        .Concat(
                            PlanEvaluator.Evaluate(
                                contract,
                                one,
                                measured.Number,
                                scale,
                                PlanMode.Custom,
                                measured.Custom
                            )
                        )
                        .Concat(
                            PlanEvaluator.CompareModes(
                                contract,
                                one,
                                measured.Number,
                                measured.Generic,
                                measured.Custom
                            )
                                is { } apart
                                ? [apart]
                                : []
                        )
                ),
            ]
        );
    }

    internal static MeasuredCase Failed(PlanContract contract, PlanCase one, DbException failure) =>
        new(
            contract,
            one,
            [],
            [
                new(
                    contract.Query.Id,
                    one.Name,
                    null,
                    PlanProperty.Ends,
                    null,
                    null,
                    $"does not come to an end: {failure.Message}",
                    null
                ),
            ]
        );
}

/// <summary>Both plans of a statement, executed.</summary>
/// <param name="Number">Which of its file, from 1.</param>
/// <param name="Generic">The plan for any arguments.</param>
/// <param name="Custom">The plan for these.</param>
public sealed record MeasuredStatement(int Number, PlanNode Generic, PlanNode Custom)
{
    /// <summary>The larger of both.</summary>
    public double Most(PlanBound property) =>
        Math.Max(PlanEvaluator.Measure(property, Generic), PlanEvaluator.Measure(property, Custom));
}
