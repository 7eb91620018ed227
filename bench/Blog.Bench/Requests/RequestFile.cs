using System.Globalization;

namespace Blog.Bench.Requests;

/// <summary>Requests that are ready to be sent, one a line, as Measure/load.lua reads them.</summary>
/// <param name="Path">Of the file.</param>
/// <param name="Count">How many there are.</param>
sealed record RequestFile(string Path, int Count)
{
    public static Task<RequestFile> GetAsync(
        string path,
        IEnumerable<string> targets,
        CancellationToken cancellationToken
    ) => WriteAsync(path, targets.Select(target => $"GET\t{target}\t\t"), cancellationToken);

    /// <param name="path">Of the file.</param>
    /// <param name="targets">Each with the tag that it is known by already.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static Task<RequestFile> GetKnownAsync(
        string path,
        IEnumerable<(string Target, string Tag)> targets,
        CancellationToken cancellationToken
    ) => WriteAsync(path, targets.Select(known => $"GET\t{known.Target}\t{known.Tag}\t"), cancellationToken);

    /// <param name="path">Of the file.</param>
    /// <param name="target">The same for all.</param>
    /// <param name="bodies">JSON, each in one line.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static Task<RequestFile> PostAsync(
        string path,
        string target,
        IEnumerable<string> bodies,
        CancellationToken cancellationToken
    ) => WriteAsync(path, bodies.Select(body => $"POST\t{target}\t\t{body}"), cancellationToken);

    static async Task<RequestFile> WriteAsync(
        string path,
        IEnumerable<string> lines,
        CancellationToken cancellationToken
    )
    {
        var all = lines.ToArray();
        await File.WriteAllLinesAsync(path, all, cancellationToken);
        return new(path, all.Length);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count:#,0} requests");
}
