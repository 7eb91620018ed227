using System.Text.Json.Nodes;

namespace Blog.Api.Contract;

/// <summary>An operation of the contract, and what its <c>x-sql</c> says that it asks the database.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">As the contract writes it: <c>/users/{id}</c>.</param>
/// <param name="Statements">How many statements at most, without begin and commit; null for a stream.</param>
/// <param name="Trips">How many waits for the server at most; null for a stream.</param>
/// <param name="Queries">The files that it may send; empty where it asks the database nothing.</param>
sealed record SqlOperation(string Method, string Path, int? Statements, int? Trips, IReadOnlyList<string> Queries)
{
    /// <summary>As in a request line: <c>GET /users/{id}</c>.</summary>
    public string Route => $"{Method} {Path}";

    /// <summary>Every operation, in the order of the contract.</summary>
    /// <param name="contract">The OpenAPI document.</param>
    public static IReadOnlyList<SqlOperation> AllOf(byte[] contract) =>
        [
            .. JsonNode.Parse(contract)!["paths"]!
                .AsObject()
                .SelectMany(path => path.Value!.AsObject().Select(method => Of(method.Key, path.Key, method.Value))),
        ];

    static SqlOperation Of(string method, string path, JsonNode? operation)
    {
        var sql = operation?[OperationDescription.Sql];
        return new(
            method.ToUpperInvariant(),
            path,
            (int?)sql?["statements"],
            (int?)sql?["trips"],
            [.. (sql?["queries"]?.AsArray() ?? []).Select(query => (string)query!)]
        );
    }
}
