using System.Text;
using Blog.Data.Catalogue;

namespace Blog.Api.Contract;

/// <summary>docs/sql-map.md: from each file of the catalogue to the operations that send it, as the contract says.</summary>
static class SqlMap
{
    const string Head = """
        # From a statement to its routes

        Every file of [`sql/queries`](../sql/queries), what it may ask and give, and who sends it. Written by the service itself from the headers of the files and from `x-sql` in
        [`openapi.json`](openapi.json), which every answer of a test is held against; the other way round, from a route to its files, is in the [README](../README.md#sql-map).

        | File | Statements, rows | Plan | Indexes | Sent by |
        |---|---|---|---|---|

        """;

    /// <summary>The page, lines ended by a line feed.</summary>
    /// <param name="contract">The OpenAPI document.</param>
    public static string Of(byte[] contract)
    {
        var operations = SqlOperation
            .AllOf(contract)
            .SelectMany(operation => operation.Queries.Select(query => (Query: query, operation.Route)))
            .ToLookup(pair => pair.Query, pair => pair.Route, StringComparer.Ordinal);
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var query in QueryCatalogue.All)
        {
            string[] cells =
            [
                $"[`{query.Id}`](../sql/queries/{query.Id}.sql)",
                query
                    .Header["budget"]
                    .Replace("statements ", "", StringComparison.Ordinal)
                    .Replace(", rows ", "; ", StringComparison.Ordinal),
                query.Header["plan"],
                query.Header.GetValueOrDefault("uses", ""),
                string.Join("<br>", operations[query.Id].DefaultIfEmpty(query.UsedBy)),
            ];
            page.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");
        }

        return page.ToString();
    }

    static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);
}
