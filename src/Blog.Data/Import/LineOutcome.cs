using Blog.Data.Input;

namespace Blog.Data.Import;

/// <summary>What became of one line. Blank lines and a right <c>$end</c> line have no outcome.</summary>
/// <param name="Line">Its number, from 1; blank lines count.</param>
/// <param name="Status">The HTTP status that a request with this line would have had.</param>
public abstract record LineOutcome(long Line, int Status);

/// <summary>The user of the line is stored, and committed.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Id">The user's identity.</param>
/// <param name="Posts">How many posts it has.</param>
/// <param name="TagLinks">How many tags its posts have, each counted once per post.</param>
/// <param name="TagsCreated">How many of these tags were not there before.</param>
public sealed record LineCreated(long Line, long Id, int Posts, int TagLinks, int TagsCreated) : LineOutcome(Line, 201);

/// <summary>A user of that name was there already, and the import was asked to skip such lines.</summary>
/// <param name="Line">Its number.</param>
public sealed record LineSkipped(long Line) : LineOutcome(Line, 200);

/// <summary>The line breaks a rule; nothing of it is stored.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Status">400 where it is no JSON, else 422.</param>
/// <param name="Code"><c>malformed_json</c> or <c>validation_failed</c>.</param>
/// <param name="Detail">For a person.</param>
/// <param name="Errors">Every place that breaks a rule; empty where the line is no JSON.</param>
/// <param name="Text">
/// The line as it was sent, without line feed and byte order mark; empty where it is too long. Valid until the next outcome is asked for.
/// </param>
public sealed record LineRejected(
    long Line,
    int Status,
    string Code,
    string Detail,
    IReadOnlyList<InputError> Errors,
    ReadOnlyMemory<byte> Text
) : LineOutcome(Line, Status)
{
    /// <summary>How much is wrong with the line: its errors, or one where it is no JSON.</summary>
    public int Violations => Math.Max(1, Errors.Count);

    internal static LineRejected Malformed(NdjsonLine line, string detail) =>
        new(line.Number, 400, "malformed_json", detail, [], line.Text);

    internal static LineRejected Invalid(NdjsonLine line, params IReadOnlyList<InputError> errors) =>
        new(line.Number, 422, "validation_failed", "The line breaks a rule", errors, line.Text);
}
