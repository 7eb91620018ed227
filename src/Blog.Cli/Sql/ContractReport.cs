using System.Globalization;
using Blog.Data.Operate;
using Blog.Data.Plans;

namespace Blog.Cli.Sql;

/// <summary>What <c>blog sql contracts --json</c> writes.</summary>
/// <param name="Scale">Which.</param>
/// <param name="Posts">How many posts the database has.</param>
/// <param name="Contracts">By query.</param>
/// <param name="Broken">Each property that does not hold.</param>
/// <param name="Slowest">Of all statements, cases and plans; null where none was measured.</param>
sealed record ContractReport(
    string Scale,
    int Posts,
    IReadOnlyList<ContractItem> Contracts,
    IReadOnlyList<BrokenItem> Broken,
    SlowestItem? Slowest
)
{
    public static ContractReport Of(PlanScale scale, IReadOnlyList<MeasuredCase> measured)
    {
        var contracts = measured.GroupBy(one => one.Contract.Query.Id, StringComparer.Ordinal).ToList();
        var broken = contracts
            .SelectMany(group =>
                group.SelectMany(one => one.Broken).Concat(PlanEvaluator.Growth(group.First().Contract))
            )
            .ToList();
        return new(
            scale.Name,
            scale.Posts,
            [
                .. contracts
                    .Select(group => ContractItem.Of(scale, group.First().Contract, [.. group]))
                    .OrderBy(item => item.Query, StringComparer.Ordinal),
            ],
            [.. broken.Select(BrokenItem.Of).OrderBy(item => item.Statement, StringComparer.Ordinal)],
            measured.SelectMany(SlowestItem.Of).MaxBy(item => item.Milliseconds)
        );
    }
}

/// <summary>One contract.</summary>
/// <param name="Query">Whose.</param>
/// <param name="Holds">In every case, for both plans.</param>
/// <param name="Cases">How many it has.</param>
/// <param name="OfBound">The largest share of its bound that any statement's buffers have; null where a bound is missing.</param>
/// <param name="Buffers">Of that statement.</param>
/// <param name="Bound">Of that statement.</param>
/// <param name="Slowest">Its slowest statement; null where none was measured.</param>
sealed record ContractItem(
    string Query,
    bool Holds,
    int Cases,
    double? OfBound,
    double? Buffers,
    long? Bound,
    SlowestItem? Slowest
)
{
    public static ContractItem Of(PlanScale scale, PlanContract contract, IReadOnlyList<MeasuredCase> measured)
    {
        var shares =
            from one in measured
            from statement in one.Statements
            let bound = one.Case.Bounds.Of(statement.Number, PlanBound.Buffers, scale)
            where bound is not null
            let buffers = statement.Most(PlanBound.Buffers)
            select (Share: (double?)(buffers / bound), Buffers: (double?)buffers, Bound: bound);
        var (share, most, least) = shares.OrderByDescending(one => one.Share).FirstOrDefault();
        return new(
            contract.Query.Id,
            measured.All(one => one.Broken.Count == 0) && !PlanEvaluator.Growth(contract).Any(),
            measured.Count,
            share,
            most,
            least,
            measured.SelectMany(SlowestItem.Of).MaxBy(item => item.Milliseconds)
        );
    }
}

/// <summary>A property that does not hold.</summary>
sealed record BrokenItem(
    string Statement,
    string? Case,
    string? Mode,
    string Property,
    double? Bound,
    double? Measured,
    string Told,
    string? Node
)
{
    public static BrokenItem Of(BrokenProperty broken) =>
        new(
            broken.Statement,
            broken.Case,
            Word(broken.Mode),
            Word(broken.Property)!,
            broken.Bound,
            broken.Measured,
            broken.ToString(),
            broken.Node is { } node ? BrokenProperty.Label(node) : null
        );

    internal static string? Word(Enum? value) => value?.ToString().ToLower(CultureInfo.InvariantCulture);
}

/// <summary>The statement that took longest.</summary>
sealed record SlowestItem(string Statement, string Case, string Mode, double Milliseconds, long Buffers)
{
    public static IEnumerable<SlowestItem> Of(MeasuredCase one) =>
        one.Statements.SelectMany(statement =>
            new[] { (PlanMode.Generic, statement.Generic), (PlanMode.Custom, statement.Custom) }.Select(
                plan => new SlowestItem(
                    string.Create(CultureInfo.InvariantCulture, $"{one.Contract.Query.Id} {statement.Number}"),
                    one.Case.Name,
                    BrokenItem.Word(plan.Item1)!,
                    plan.Item2.Milliseconds ?? 0,
                    plan.Item2.Buffers ?? 0
                )
            )
        );
}
