using System.Globalization;
using System.Text.Json.Nodes;
using Blog.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Blog.Api.Contract;

/// <summary>Completes what ASP.NET Core says of an operation: its words, headers, examples, and every error that it can answer with.</summary>
static class OperationDescription
{
    /// <summary>Codes of the errors of a response, for programs; its description names them for people.</summary>
    public const string ProblemCodes = "x-problem-codes";

    /// <summary>What an operation may ask of the database: <c>{"statements","trips","queries"}</c>, the numbers absent for a stream.</summary>
    public const string Sql = "x-sql";

    /// <summary>The right that a token must have; absent where no token is needed.</summary>
    public const string Scope = "x-scope";

    const string ProblemSchema = "Problem";

    static readonly string[] headersOfEveryAnswer =
    [
        "X-Request-Id",
        "Blog-SQL",
        "Server-Timing",
        "Preference-Applied",
        "Cache-Control",
        "Vary",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Cross-Origin-Resource-Policy",
        "Referrer-Policy",
        "Strict-Transport-Security",
        "RateLimit",
        "RateLimit-Policy",
    ];

    static readonly string[] headersOfCost = ["Blog-SQL", "Server-Timing"];

    public static Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken ct
    )
    {
        var document = context.Document!;
        var facts = new EndpointFacts(context.Description);
        (operation.Summary, operation.Description) = ContractTexts.Operations.GetValueOrDefault(facts.Name ?? "");
        DescribeParameters(operation, facts, document);
        if (facts.SentType is { } sent)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(sent) };
        }
        else if (operation.RequestBody is OpenApiRequestBody { Content: { } body })
        {
            AddExamples(body, document);
        }

        operation.Responses = DescribeResponses(operation, facts, document);
        DescribeAccess(operation, facts, document);
        operation.AddExtension(Sql, new JsonNodeExtension(SqlOf(facts)));
        return Task.CompletedTask;
    }

    /// <summary>The list that may stand behind a scheme is for OAuth's own alone; the scope has a member of ours and a sentence.</summary>
    static void DescribeAccess(OpenApiOperation operation, EndpointFacts facts, OpenApiDocument document)
    {
        operation.Security = [];
        if (facts.Scope is { } scope)
        {
            operation.Security.Add(
                new() { [new OpenApiSecuritySchemeReference(ContractDocument.TokenScheme, document)] = [] }
            );
            operation.AddExtension(Scope, new JsonNodeExtension(scope));
            operation.Description += $" Scope: `{scope}`.";
        }
    }

    static JsonObject SqlOf(EndpointFacts facts)
    {
        var sql = new JsonObject();
        if (facts.Budget is { } budget)
        {
            sql["statements"] = budget.Statements;
            sql["trips"] = budget.Trips;
        }

        sql["queries"] = new JsonArray([.. facts.Queries.Select(query => JsonValue.Create(query))]);
        return sql;
    }

    static void DescribeParameters(OpenApiOperation operation, EndpointFacts facts, OpenApiDocument document)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (ContractTexts.Parameters.TryGetValue(parameter.Name!, out var words))
            {
                parameter.Description = words.Text;
                words.ApplyTo((OpenApiSchema)parameter.Schema!);
            }
        }

        operation.Parameters =
        [
            .. operation.Parameters ?? [],
            .. facts.QueryParameters.Select(name => ReferTo(name, ParameterLocation.Query, document)),
            .. facts.RequestHeaders.Select(name => ReferTo(name, ParameterLocation.Header, document)),
        ];
    }

    static OpenApiParameterReference ReferTo(string name, ParameterLocation place, OpenApiDocument document)
    {
        var words = ContractTexts.Parameters[name];
        document.AddComponent(
            name,
            new OpenApiParameter
            {
                Name = name,
                In = place,
                Description = words.Text,
                Schema = words.ToSchema(),
            }
        );
        return new(name, document);
    }

    static OpenApiResponses DescribeResponses(OpenApiOperation operation, EndpointFacts facts, OpenApiDocument document)
    {
        var responses = new SortedDictionary<int, IOpenApiResponse>();
        foreach (var (key, response) in operation.Responses ?? [])
        {
            var status = int.Parse(key, CultureInfo.InvariantCulture);
            if (status < StatusCodes.Status400BadRequest)
            {
                responses.Add(status, DescribeSuccess(status, operation, response.Content, facts, document));
            }
        }

        if (responses.Count == 0)
        {
            responses.Add(
                StatusCodes.Status200OK,
                DescribeSuccess(StatusCodes.Status200OK, operation, content: null, facts, document)
            );
        }

        foreach (var problems in facts.Problems.GroupBy(problem => problem.Status))
        {
            responses.Add(problems.Key, ReferTo(problems.Key, [.. problems], document));
        }

        var described = new OpenApiResponses();
        foreach (var (status, response) in responses)
        {
            described.Add(status.ToString(CultureInfo.InvariantCulture), response);
        }

        return described;
    }

    static OpenApiResponse DescribeSuccess(
        int status,
        OpenApiOperation operation,
        IDictionary<string, OpenApiMediaType>? content,
        EndpointFacts facts,
        OpenApiDocument document
    )
    {
        content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        if (status == StatusCodes.Status200OK)
        {
            foreach (var type in facts.MediaTypes)
            {
                content.TryAdd(type, Content(type)[type]);
            }
        }

        if (facts.ShowsView)
        {
            foreach (var type in content.Values)
            {
                type.Schema = SchemaDescription.ViewOf(type.Schema!, document);
            }
        }

        AddExamples(content, document);
        var shown = content.Values.Select(type => type.Schema).OfType<OpenApiSchemaReference>().FirstOrDefault();
        return new()
        {
            Description =
                ContractTexts.Statuses.GetValueOrDefault(status)
                ?? ContractTexts.Schemas.GetValueOrDefault(shown?.Reference.Id ?? "")
                ?? operation.Summary,
            Headers = ReferTo(
                facts
                    .HeadersOf(status)
                    .Concat(headersOfEveryAnswer.Except(facts.IsStream ? headersOfCost : [], StringComparer.Ordinal)),
                document
            ),
            Content = content.Count > 0 ? content : null,
        };
    }

    /// <summary>What has no shape of its own.</summary>
    static Dictionary<string, OpenApiMediaType> Content(string mediaType) =>
        new(StringComparer.Ordinal) { [mediaType] = new() { Schema = ContractTexts.MediaTypes[mediaType].ToSchema() } };

    static void AddExamples(IDictionary<string, OpenApiMediaType> content, OpenApiDocument document)
    {
        foreach (var type in content.Values)
        {
            if (
                type.Schema is OpenApiSchemaReference { Reference.Id: { } schema }
                && ContractExamples.OfSchemas.TryGetValue(schema, out var example)
            )
            {
                document.AddComponent(
                    schema,
                    new OpenApiExample { Summary = ContractTexts.Schemas[schema], Value = JsonNode.Parse(example) }
                );
                type.Examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal)
                {
                    [schema] = new OpenApiExampleReference(schema, document),
                };
            }
        }
    }

    /// <summary>One response for all operations that answer a status with the same codes; named by the codes, or by the status where it is all of them.</summary>
    static OpenApiResponseReference ReferTo(int status, IReadOnlyList<Problem> problems, OpenApiDocument document)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal);
        var isWhole =
            problems.Count > 1
            && problems.Count == KnownProblems.All.Values.Count(known => known.Status == status)
            // That is the name of one of them alone.
            && problems.All(problem => InPascalCase(problem.Code) != phrase);
        var name = isWhole ? phrase : string.Join("Or", problems.Select(problem => InPascalCase(problem.Code)));
        string[] headers = status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ["WWW-Authenticate"],
            StatusCodes.Status405MethodNotAllowed => ["Allow", "Accept-Patch"],
            StatusCodes.Status412PreconditionFailed => ["ETag"],
            _ => problems.Any(problem => problem.Passes) ? ["Retry-After"] : [],
        };
        foreach (var problem in problems)
        {
            document.AddComponent(
                problem.Code,
                new OpenApiExample { Summary = problem.Detail, Value = ContractExamples.Of(problem) }
            );
        }

        document.AddComponent(
            name,
            new OpenApiResponse
            {
                Description = string.Join(
                    "\n",
                    problems.Select(problem => $"- `{problem.Code}`: {problem.Detail}. {problem.Remedy}")
                ),
                Headers = ReferTo(headers.Concat(headersOfEveryAnswer), document),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Problem.ContentType] = new()
                    {
                        Schema = new OpenApiSchemaReference(ProblemSchema, document),
                        Examples = problems.ToDictionary(
                            problem => problem.Code,
                            IOpenApiExample (problem) => new OpenApiExampleReference(problem.Code, document),
                            StringComparer.Ordinal
                        ),
                    },
                },
                Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
                {
                    [ProblemCodes] = new JsonNodeExtension(
                        new JsonArray([.. problems.Select(problem => (JsonNode)problem.Code)])
                    ),
                },
            }
        );
        return new(name, document);
    }

    static Dictionary<string, IOpenApiHeader> ReferTo(IEnumerable<string> due, OpenApiDocument document)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var name in due)
        {
            var words = ContractTexts.Headers[name];
            document.AddComponent(name, new OpenApiHeader { Description = words.Text, Schema = words.ToSchema() });
            headers.Add(name, new OpenApiHeaderReference(name, document));
        }

        return headers;
    }

    static string InPascalCase(string code) =>
        string.Concat(code.Split('_').Select(word => string.Concat(word[..1].ToUpperInvariant(), word.AsSpan(1))));
}
