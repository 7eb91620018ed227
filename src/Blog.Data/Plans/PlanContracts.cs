using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;
using Blog.Data.Migrations;

namespace Blog.Data.Plans;

/// <summary>The plan contract of every query, and what fills the databases that they are measured in: the files of <c>sql/plans</c>, embedded here.</summary>
public static partial class PlanContracts
{
    const string Folder = "plans/";
    const string Ending = ".plan";

    static readonly Lazy<FrozenDictionary<string, PlanContract>> contracts = new(Load);

    /// <summary>All contracts, by query in ordinal order.</summary>
    /// <exception cref="FormatException">A file breaks a rule, or is of no query.</exception>
    public static IReadOnlyList<PlanContract> All =>
        [.. contracts.Value.Values.OrderBy(contract => contract.Query.Id, StringComparer.Ordinal)];

    /// <summary>The contract of a query.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public static PlanContract Find(Query query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return contracts.Value.GetValueOrDefault(query.Id)
            ?? throw new KeyNotFoundException($"There is no sql/plans/{query.Id}.plan.");
    }

    /// <summary>
    /// The statements that fill a migrated database without rows and pin its settings, one to be sent after the other by a superuser, each
    /// outside of a transaction.
    /// </summary>
    /// <returns>Each with the comment above it.</returns>
    public static IReadOnlyList<(string Name, string Text)> FillAt(PlanScale scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        var posts = scale.Posts.ToString(CultureInfo.InvariantCulture);
        var file = PostsOrBody().Replace(Read("plans/fill"), found => found.Value == ":posts" ? posts : found.Value);
        var comments = Comment().Matches(file);
        return
        [
            .. SqlText
                .Split(file)
                .Select(statement =>
                    (comments.Last(comment => comment.Index < statement.Offset).Groups["text"].Value, statement.Text)
                ),
        ];
    }

    /// <summary>Changes with the fill and with every migration: a database that has another one is to be filled afresh.</summary>
    public static string ChecksumAt(PlanScale scale)
    {
        var parts = FillAt(scale)
            .Select(step => step.Text)
            .Concat(MigrationScript.LoadAll().Select(script => script.Checksum));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    static FrozenDictionary<string, PlanContract> Load() =>
        Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name =>
                name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal)
            )
            .Select(name => (Id: name[Folder.Length..^Ending.Length].Replace('\\', '/'), Text: Read(name)))
            .Select(file =>
                PlanText.Parse(
                    QueryCatalogue.TryFind(file.Id)
                        ?? throw new FormatException($"sql/plans/{file.Id}.plan is of no query."),
                    file.Text
                )
            )
            .ToFrozenDictionary(contract => contract.Query.Id, StringComparer.Ordinal);

    static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(
        "^-- (?<text>.+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Comment();

    // As psql does, which puts no value into the body of a block.
    [GeneratedRegex(@"\$\$.*?\$\$|(?<!:):posts", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PostsOrBody();
}
