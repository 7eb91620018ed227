using System.Globalization;
using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Data.Plans;

/// <summary>Holds measured plans against a contract.</summary>
public static class PlanEvaluator
{
    const double ModesApart = 3;
    const long ModesFloor = 100;
    const double GrowthAllowed = 3;
    const long GrowthFloor = 500;

    /// <summary>Up to so many removed rows are no matter, however few are found.</summary>
    const double FewRemoved = 200;

    /// <summary>A table of fewer rows is rightly read whole and filtered, where nobody has pinned the settings of the planner.</summary>
    const long FewRows = 1000;

    /// <summary>The tables that grow; <c>tag_epoch</c> has one row and the journal one a migration.</summary>
    public static IReadOnlySet<string> LargeTables { get; } =
        new HashSet<string>(StringComparer.Ordinal)
        {
            "users",
            "profile",
            "post",
            "post_tag",
            "tag",
            "idempotency_key",
        };

    /// <summary>The plan of one statement in one of its cases, in the database of a scale.</summary>
    /// <param name="contract">Of its file.</param>
    /// <param name="one">Its case.</param>
    /// <param name="statement">Its number in the file, from 1.</param>
    /// <param name="scale">Of the database.</param>
    /// <param name="mode">Which of the two plans it is.</param>
    /// <param name="plan">Measured.</param>
    /// <returns>The properties that it breaks; none where the contract holds.</returns>
    public static IReadOnlyList<BrokenProperty> Evaluate(
        PlanContract contract,
        PlanCase one,
        int statement,
        PlanScale scale,
        PlanMode mode,
        PlanNode plan
    )
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(one);
        return
        [
            .. Enum.GetValues<PlanBound>()
                .Where(bound => !contract.Allows(statement, bound.Property))
                .Select(bound => Over(bound, one.Bounds.Of(statement, bound, scale), plan, At))
                .OfType<BrokenProperty>(),
            .. WholeReads(contract, statement, plan, fromRows: 0, At),
            .. contract
                .Reads.Where(read => read.Statement == statement && plan.All.All(node => node.Index != read.Index))
                .Select(read => At(PlanProperty.Reads, null, null, $"does not read {read.Index}", null)),
        ];

        BrokenProperty At(PlanProperty property, double? bound, double? measured, string told, PlanNode? node) =>
            new(NameOf(contract.Query, statement), one.Name, mode, property, bound, measured, told, node);
    }

    /// <summary>
    /// The plan of one statement with anybody's arguments, in a database of any size: against the largest bounds that any case has at the
    /// scale above it, and without a table read whole that is worth an index.
    /// </summary>
    /// <param name="contract">Of its file.</param>
    /// <param name="statement">Its number in the file, from 1.</param>
    /// <param name="posts">How many posts the database has, about.</param>
    /// <param name="plan">Measured.</param>
    /// <returns>The properties that it breaks; none where the contract holds.</returns>
    public static IReadOnlyList<BrokenProperty> EvaluateAny(
        PlanContract contract,
        int statement,
        long posts,
        PlanNode plan
    )
    {
        ArgumentNullException.ThrowIfNull(contract);
        var scale = PlanScale.For(posts);
        return
        [
            .. Enum.GetValues<PlanBound>()
                .Where(bound => !contract.Allows(statement, bound.Property))
                .Where(bound => bound != PlanBound.Removed || plan.All.Sum(node => node.RowsRemoved) >= FewRows)
                .Select(bound => Over(bound, contract.Largest(statement, bound, scale), plan, At))
                .OfType<BrokenProperty>(),
            .. WholeReads(contract, statement, plan, FewRows, At),
        ];

        BrokenProperty At(PlanProperty property, double? bound, double? measured, string told, PlanNode? node) =>
            new(NameOf(contract.Query, statement), null, null, property, bound, measured, told, node);
    }

    /// <summary>Both plans of one statement in one case: one text is to have one cost, whichever plan the server takes.</summary>
    public static BrokenProperty? CompareModes(
        PlanContract contract,
        PlanCase one,
        int statement,
        PlanNode generic,
        PlanNode custom
    )
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(one);
        var (withGeneric, withCustom) = (Measure(PlanBound.Buffers, generic), Measure(PlanBound.Buffers, custom));
        var (less, more) = (Math.Min(withGeneric, withCustom), Math.Max(withGeneric, withCustom));
        return more <= ModesFloor || more <= ModesApart * less || contract.Allows(statement, PlanProperty.Modes)
            ? null
            : new(
                NameOf(contract.Query, statement),
                one.Name,
                null,
                PlanProperty.Modes,
                ModesApart * less,
                more,
                $"modes: {BrokenProperty.Number(withGeneric)} buffers by the generic plan, {BrokenProperty.Number(withCustom)} by the custom plan",
                MostBuffers(withGeneric > withCustom ? generic : custom)
            );
    }

    /// <summary>What the approved bounds say of growth, without a database.</summary>
    public static IEnumerable<BrokenProperty> Growth(PlanContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return from one in contract.Cases
            from statement in Enumerable.Range(1, contract.Query.Statements.Count)
            let medium = one.Bounds.Of(statement, PlanBound.Buffers, PlanScale.Medium)
            let large = one.Bounds.Of(statement, PlanBound.Buffers, PlanScale.Large)
            where large > GrowthFloor && large > GrowthAllowed * medium
            where !contract.Allows(statement, PlanProperty.Growth)
            select new BrokenProperty(
                NameOf(contract.Query, statement),
                one.Name,
                null,
                PlanProperty.Growth,
                GrowthAllowed * medium,
                large,
                $"growth: {BrokenProperty.Number(large.Value)} buffers where there are 2,000,000 posts, {BrokenProperty.Number(medium.Value)} where there are 100,000",
                null
            );
    }

    /// <summary>What a property bounds, of a measured plan.</summary>
    public static double Measure(PlanBound property, PlanNode plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return property switch
        {
            PlanBound.Buffers => plan.Buffers ?? 0,
            PlanBound.Sorted => plan.All.Max(SortedBy),
            _ => RemovedBy(plan),
        };
    }

    static BrokenProperty? Over(
        PlanBound property,
        long? bound,
        PlanNode plan,
        Func<PlanProperty, double?, double?, string, PlanNode?, BrokenProperty> at
    )
    {
        var measured = Measure(property, plan);
        if (measured <= bound)
        {
            return null;
        }

        var allowed = bound is { } number ? $"{BrokenProperty.Number(number)} allowed" : "none approved";
        var unit = property switch
        {
            PlanBound.Buffers => "buffers",
            PlanBound.Sorted => "rows sorted at once",
            _ => "rows removed for each one found",
        };
        return at(
            property.Property,
            bound,
            measured,
            $"{BrokenProperty.Number(measured)} {unit}, {allowed}",
            property switch
            {
                PlanBound.Buffers => MostBuffers(plan),
                PlanBound.Sorted => plan.All.MaxBy(SortedBy),
                _ => plan.All.MaxBy(node => node.RowsRemoved),
            }
        );
    }

    static IEnumerable<BrokenProperty> WholeReads(
        PlanContract contract,
        int statement,
        PlanNode plan,
        long fromRows,
        Func<PlanProperty, double?, double?, string, PlanNode?, BrokenProperty> at
    ) =>
        from read in WholeReads(plan, null)
        where !contract.Allows(statement, PlanProperty.Whole, read.Table)
        where (read.Node.Rows ?? 0) + (read.Node.RowsRemoved ?? 0) >= fromRows * Math.Max(1, read.Node.Loops ?? 1)
        select at(PlanProperty.Whole, null, read.Node.Rows, $"reads all of {read.Table}", read.Node);

    static IEnumerable<(string Table, PlanNode Node)> WholeReads(PlanNode node, string? above)
    {
        var table = node.Relation ?? above;
        if (
            node.Type is "Seq Scan" or "Index Scan" or "Index Only Scan" or "Bitmap Index Scan"
            && !node.Conditions.Any(condition => condition.StartsWith("Index Cond:", StringComparison.Ordinal))
            && table is not null
            && LargeTables.Contains(table)
        )
        {
            yield return (table, node);
        }

        // An index of a bitmap stands below the table that it is of, perhaps under an And or an Or.
        var below = node.Type is "Bitmap Heap Scan" or "BitmapAnd" or "BitmapOr" ? table : null;
        foreach (var read in node.Below.SelectMany(one => WholeReads(one, below)))
        {
            yield return read;
        }
    }

    /// <summary>Rows of one run of a sort; an incremental one counts as one that takes them all at once.</summary>
    static double SortedBy(PlanNode node) =>
        node is { Type: "Sort" or "Incremental Sort", Loops: > 0 and { } loops }
            ? node.Below.Max(below => below.Rows ?? 0) / loops
            : 0;

    static double RemovedBy(PlanNode plan) =>
        plan.All.Sum(node => node.RowsRemoved ?? 0) is > FewRemoved and var removed
            ? removed / Math.Max(1, FoundBy(plan))
            : 0;

    /// <summary>Rows that a statement is about: those it returns; those it counts; those it writes.</summary>
    static double FoundBy(PlanNode node) =>
        node is { Type: "Aggregate" } or { Type: "ModifyTable", Rows: 0 or null } && node.Below.Count > 0
            ? node.Below.Max(FoundBy)
            : node.Rows ?? 0;

    static PlanNode? MostBuffers(PlanNode plan) =>
        plan.All.MaxBy(node => (node.Buffers ?? 0) - node.Below.Sum(below => below.Buffers ?? 0));

    static string NameOf(Query query, int statement) =>
        string.Create(CultureInfo.InvariantCulture, $"{query.Id} {statement}");
}
