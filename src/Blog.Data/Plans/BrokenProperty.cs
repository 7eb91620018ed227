using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Data.Operate;

namespace Blog.Data.Plans;

/// <summary>A property that a plan does not have.</summary>
/// <param name="Statement">As in its comment: <c>users/get_user 1</c>.</param>
/// <param name="Case">The name of the case; null where the arguments are nobody's case.</param>
/// <param name="Mode">Which of the two plans; null where it is about both.</param>
/// <param name="Property">Which.</param>
/// <param name="Bound">What it may be at most; null where that is not a number or none was approved.</param>
/// <param name="Measured">What it is; null where that is not a number.</param>
/// <param name="Told">The same in words: <c>buffers: 4,711 measured, 500 allowed</c>.</param>
/// <param name="Node">The step of the plan that is responsible; null where there is none.</param>
public sealed partial record BrokenProperty(
    string Statement,
    string? Case,
    PlanMode? Mode,
    PlanProperty Property,
    double? Bound,
    double? Measured,
    string Told,
    PlanNode? Node
)
{
    /// <inheritdoc />
    public override string ToString()
    {
        var where = Case is null ? Statement : $"{Statement}, {Case}";
        var mode = Mode is { } one ? $", {PlanText.Word(one)} plan" : "";
        var node = Node is null ? "" : $"; {Label(Node)}";
        return $"{where}{mode}: {Told}{node}";
    }

    /// <summary>A step of a plan in a line: <c>Index Scan using post_pkey on post (Index Cond: (id = $1))</c>.</summary>
    public static string Label(PlanNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var index = node.Index is null ? "" : $" using {node.Index}";
        var table = node.Relation is null ? "" : $" on {node.Relation}";
        var conditions = node.Conditions.Count == 0 ? "" : $" ({string.Join("; ", node.Conditions)})";
        return $"{node.Type}{index}{table}{LastCharacters().Replace(conditions, "…")}";
    }

    // A range of names with one beginning ends with as many U+10FFFF as a name may have.
    [GeneratedRegex(@"(\uDBFF\uDFFF){2,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LastCharacters();

    internal static string Number(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);
}
