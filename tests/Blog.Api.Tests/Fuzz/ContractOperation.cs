using System.Text.Json.Nodes;

namespace Blog.Api.Tests.Fuzz;

/// <summary>An operation of docs/openapi.json: all that a client who knows nothing else can send to it.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Template">The path with its braces.</param>
/// <param name="Parameters">Those of the path, the query and the headers.</param>
/// <param name="BodyType">Content-Type of its body; null where it takes none.</param>
/// <param name="BodySchema">What it takes; null where it takes none, or no JSON.</param>
sealed record ContractOperation(
    string Method,
    string Template,
    IReadOnlyList<ContractParameter> Parameters,
    string? BodyType,
    JsonNode? BodySchema
)
{
    /// <summary>Every one that there is, in the order of the document.</summary>
    public static IReadOnlyList<ContractOperation> All { get; } = [.. Read()];

    public bool IsStream => Template is "/import/users" or "/export/users";

    static IEnumerable<ContractOperation> Read()
    {
        var paths = JsonNode.Parse(CommittedContract.Text)!["paths"]!.AsObject();
        foreach (var (template, methods) in paths)
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var parameters = (operation!["parameters"] as JsonArray ?? []).Select(parameter =>
                    CommittedContract.Follow(parameter!)
                );
                var content = operation["requestBody"] is { } body
                    ? CommittedContract.Follow(body)["content"]!.AsObject().First()
                    : default;
                yield return new(
                    method.ToUpperInvariant(),
                    template,
                    [
                        .. parameters.Select(parameter => new ContractParameter(
                            (string)parameter["name"]!,
                            (string)parameter["in"]!
                        )),
                    ],
                    content.Key,
                    content.Value?["schema"] is { } schema ? CommittedContract.Follow(schema) : null
                );
            }
        }
    }
}

/// <summary>A parameter of an operation.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="In">path, query or header.</param>
sealed record ContractParameter(string Name, string In);
