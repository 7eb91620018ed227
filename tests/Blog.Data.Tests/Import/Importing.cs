using System.Text;
using Blog.Data.Import;

namespace Blog.Data.Tests.Import;

/// <summary>Runs an import to its end.</summary>
static class Importing
{
    /// <summary>The outcomes; the texts of rejected lines are kept.</summary>
    public static async Task<List<LineOutcome>> ImportAsync(
        this BlogData data,
        Stream source,
        ImportOptions? options = null
    )
    {
        var outcomes = new List<LineOutcome>();
        var import = new UserImport(data).ImportUsersAsync(
            source,
            options ?? new(),
            TestContext.Current.CancellationToken
        );
        await foreach (var outcome in import)
        {
            outcomes.Add(outcome is LineRejected rejected ? rejected with { Text = rejected.Text.ToArray() } : outcome);
        }

        return outcomes;
    }

    public static Task<List<LineOutcome>> ImportAsync(this BlogData data, string text, ImportOptions? options = null) =>
        data.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), options);

    /// <summary>What a test compares: <c>1 201</c>, <c>2 422 #/name required</c>.</summary>
    public static string Brief(this LineOutcome outcome) =>
        outcome is LineRejected rejected
            ? $"{rejected.Line} {rejected.Status} {rejected.Code}"
                + string.Concat(rejected.Errors.Select(error => $" {error.Pointer} {error.Code}"))
            : $"{outcome.Line} {outcome.Status}";

    public static string[] Brief(this IEnumerable<LineOutcome> outcomes) => [.. outcomes.Select(Brief)];
}
