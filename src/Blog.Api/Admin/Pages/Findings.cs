using System.Data.Common;
using Blog.Data;
using Blog.Data.Operate;

namespace Blog.Api.Admin.Pages;

/// <summary>What the server says of the catalogue, or why it says nothing: one of the two is null.</summary>
sealed record Findings(SqlAudit? Audit, string? Obstacle)
{
    public static async Task<Findings> AskAsync(SqlStatistics statistics, string role, CancellationToken ct)
    {
        try
        {
            return new(await statistics.AuditAsync(role, ct), null);
        }
        catch (StatisticsUnavailableException unavailable)
        {
            return new(null, unavailable.Message);
        }
        catch (DbException failure)
        {
            return new(null, Explain(failure, "A statement of the catalogue"));
        }
    }

    /// <summary>What a failure of the database means here, for an operator.</summary>
    /// <param name="failure">The database's.</param>
    /// <param name="asked">What it was asked for, as the subject of a sentence.</param>
    public static string Explain(DbException failure, string asked) =>
        DatabaseFailure.Of(failure)?.Kind switch
        {
            FailureKind.SchemaMismatch => $"{asked} does not fit the schema of this database: {FirstLine(failure)}",
            FailureKind.TimedOut or FailureKind.Overloaded =>
                $"{asked} took longer than it may, and was stopped: {FirstLine(failure)}",
            FailureKind.Unavailable => $"The database cannot be reached: {FirstLine(failure)}",
            _ => $"{asked} was refused by the database: {FirstLine(failure)}",
        };

    /// <summary>What is wrong; without the place in a text that nobody sees.</summary>
    public static string FirstLine(DbException failure) => failure.Message.Split('\n', 2)[0].Trim();

    /// <summary>Says on a page that there are no figures, and why.</summary>
    public Html Notice =>
        Html.When(
            Obstacle,
            obstacle => $"""<p class="notice" role="status"><strong>There are no figures.</strong> {obstacle}</p>"""
        );
}
