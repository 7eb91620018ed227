namespace Blog.Data.Migrations.Schema;

/// <summary>Two texts line by line.</summary>
static class LineDifference
{
    /// <summary>The lines that only one of them has, in their order: <c>- expected</c>, <c>+ found</c>.</summary>
    internal static IReadOnlyList<string> Of(string? expected, string? found)
    {
        string[] from = expected?.Split('\n') ?? [],
            to = found?.Split('\n') ?? [];
        // How many lines the rests from here on have in common.
        var shared = new int[from.Length + 1, to.Length + 1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            for (var j = to.Length - 1; j >= 0; j--)
                shared[i, j] =
                    from[i] == to[j] ? shared[i + 1, j + 1] + 1 : Math.Max(shared[i + 1, j], shared[i, j + 1]);
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < from.Length || j < to.Length; )
        {
            if (i < from.Length && j < to.Length && from[i] == to[j])
                (i, j) = (i + 1, j + 1);
            else if (j == to.Length || (i < from.Length && shared[i + 1, j] >= shared[i, j + 1]))
                lines.Add("- " + from[i++]);
            else
                lines.Add("+ " + to[j++]);
        }

        return lines;
    }
}
