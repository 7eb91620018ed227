using System.Collections.Immutable;

namespace Blog.Data.Plans;

/// <summary>What a plan file bounds by a number.</summary>
public enum PlanBound
{
    /// <summary>Blocks of 8 KiB that the statement touches.</summary>
    Buffers,

    /// <summary>Rows that its largest single sort is given.</summary>
    Sorted,

    /// <summary>Rows that filters and rechecks throw away, for each row that it finds.</summary>
    Removed,
}

static class PlanBoundNames
{
    extension(PlanBound bound)
    {
        /// <summary>The property that it is the bound of.</summary>
        public PlanProperty Property =>
            bound switch
            {
                PlanBound.Buffers => PlanProperty.Buffers,
                PlanBound.Sorted => PlanProperty.Sorted,
                _ => PlanProperty.Removed,
            };
    }
}

/// <summary>The bounds of one case: per statement and property a number a scale, null where none was approved yet.</summary>
public sealed class PlanBounds
{
    /// <summary>A sort of no more rows, and no more rows removed for each one found, need no approval.</summary>
    public static IReadOnlyDictionary<PlanBound, long> Floors { get; } =
        new Dictionary<PlanBound, long>
        {
            [PlanBound.Buffers] = 10,
            [PlanBound.Sorted] = 200,
            [PlanBound.Removed] = 10,
        };

    readonly ImmutableSortedDictionary<(int Statement, PlanBound Property), ImmutableArray<long?>> rows;

    PlanBounds(ImmutableSortedDictionary<(int, PlanBound), ImmutableArray<long?>> rows) => this.rows = rows;

    /// <summary>Nothing approved.</summary>
    public static PlanBounds None { get; } =
        new(ImmutableSortedDictionary<(int, PlanBound), ImmutableArray<long?>>.Empty);

    /// <summary>A row of the file each, in its order: by statement, then by property.</summary>
    public IEnumerable<(int Statement, PlanBound Property, IReadOnlyList<long?> AtScales)> Rows =>
        rows.Select(row => (row.Key.Statement, row.Key.Property, (IReadOnlyList<long?>)row.Value));

    /// <summary>The bound at a scale. What the file does not speak of is bounded by its floor, but for buffers: they need a number.</summary>
    public long? Of(int statement, PlanBound property, PlanScale scale) =>
        rows.TryGetValue((statement, property), out var row) ? row[ColumnOf(scale)]
        : property == PlanBound.Buffers ? null
        : Floors[property];

    /// <summary>The same with a whole row more.</summary>
    internal PlanBounds With(int statement, PlanBound property, IEnumerable<long?> atScales) =>
        new(rows.SetItem((statement, property), [.. atScales]));

    /// <summary>
    /// The same with what was measured at one scale approved: a quarter more, rounded up, so that it neither flakes nor hides a change.
    /// A bound that holds and is not more than twice that stays as it is.
    /// </summary>
    public PlanBounds Approve(int statement, PlanBound property, PlanScale scale, double measured)
    {
        var fitting = Rounded(Math.Max(measured * 1.25, Floors[property]));
        var old = Of(statement, property, scale);
        var approved = old >= measured && old <= 2 * fitting ? old.Value : fitting;
        if (property != PlanBound.Buffers && measured * 1.25 <= Floors[property])
        {
            approved = Floors[property];
        }

        var row = rows.GetValueOrDefault((statement, property));
        if (row.IsDefault)
        {
            long? elsewhere = property == PlanBound.Buffers ? null : Floors[property];
            row = [.. PlanScale.All.Select(_ => elsewhere)];
        }

        row = row.SetItem(ColumnOf(scale), approved);
        var isSaid = property == PlanBound.Buffers || row.Any(bound => bound != Floors[property]);
        return new(isSaid ? rows.SetItem((statement, property), row) : rows.Remove((statement, property)));
    }

    /// <summary>The next of 10, 15, 20, 30, 50, 70, 100, 150 and so on.</summary>
    static long Rounded(double number)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var step in (long[])[10, 15, 20, 30, 50, 70])
            {
                if (step * power >= number)
                {
                    return step * power;
                }
            }
        }
    }

    static int ColumnOf(PlanScale scale)
    {
        for (var column = 0; column < PlanScale.All.Count; column++)
        {
            if (PlanScale.All[column] == scale)
            {
                return column;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(scale), scale, "A plan file has no column of it.");
    }
}
