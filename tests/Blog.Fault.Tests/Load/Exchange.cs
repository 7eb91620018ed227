using System.Text.Json;
using Blog.Testing;

namespace Blog.Fault.Tests.Load;

/// <summary>What is known of a write.</summary>
enum Outcome
{
    /// <summary>It is stored.</summary>
    Acknowledged,

    /// <summary>It was answered that nothing was stored.</summary>
    Failed,

    /// <summary>It may be stored or not, or is being stored at this moment.</summary>
    Unknown,
}

/// <summary>A request and what came back.</summary>
/// <param name="Request">What was sent.</param>
/// <param name="Answer">Null where nothing came back.</param>
/// <param name="Started">By the clock of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Ended">By the same.</param>
sealed record Exchange(LedgerRequest Request, Answer? Answer, long Started, long Ended)
{
    public double Seconds => (double)(Ended - Started) / System.Diagnostics.Stopwatch.Frequency;

    public bool IsAnsweredWell => Answer is { Status: >= 200 and < 300 };

    /// <summary>The code of an error; empty where it is none, or has no body.</summary>
    public string Code =>
        Answer is { Status: >= 400, Body.Length: > 0 }
            ? JsonDocument.Parse(Answer.Body).RootElement.GetProperty("code").GetString() ?? ""
            : "";

    public Outcome Outcome =>
        Answer is null || Code is "outcome_unknown" or "idempotency_in_progress" ? Outcome.Unknown
        : Answer.Status < 300 ? Outcome.Acknowledged
        : Outcome.Failed;

    public override string ToString() =>
        $"{Request.Method} {Request.Path} {Request.Mark}: {Answer?.Outcome ?? "no answer"} after {Seconds:0.00} s";
}

/// <summary>A request of the ledger.</summary>
/// <param name="Method">GET, POST or PATCH.</param>
/// <param name="Path">Of the resource.</param>
/// <param name="Mark">The text that only this write stores, and its Idempotency-Key where it has one; empty for a read.</param>
/// <param name="Body">JSON; null for a read.</param>
/// <param name="IfMatch">The version that a PATCH changes.</param>
sealed record LedgerRequest(string Method, string Path, string Mark = "", string? Body = null, string? IfMatch = null)
{
    /// <summary>Whether it may be sent again.</summary>
    public bool HasKey { get; init; } = true;

    public bool IsWrite => Body is not null;
}
