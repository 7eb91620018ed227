using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Api.Tests.Contract;

public sealed class OpenApiTests(BlogApi api) : ApiTest(api)
{
    /// <summary>What every operation may answer with, whatever it does.</summary>
    static readonly string[] sharedProblems = ["400", "405", "406", "413", "415", "422", "500", "503", "504"];

    [Fact]
    public async Task The_document_is_of_version_3_1()
    {
        using var document = await ReadAsync();

        Assert.Matches(@"^3\.1\.[0-9]+$", document.RootElement.GetProperty("openapi").GetString());
        Assert.Equal("Blog", document.RootElement.GetProperty("info").GetProperty("title").GetString());
    }

    [Fact]
    public async Task These_are_its_operations()
    {
        using var document = await ReadAsync();

        Assert.Equal(
            [
                "DELETE /posts/{id} DeletePost",
                "DELETE /posts/{id}/tags/{tag_id} DeletePostTag",
                "DELETE /tags/{id} DeleteTag",
                "DELETE /users/{id} DeleteUser",
                "DELETE /users/{id}/profile DeleteProfile",
                "GET / GetService",
                "GET /docs GetDocumentation",
                "GET /livez GetLiveness",
                "GET /posts/{id} GetPost",
                "GET /posts/{id}/tags GetPostTags",
                "GET /problems/{code} ExplainProblem",
                "GET /readyz GetReadiness",
                "GET /tags/{id} GetTag",
                "GET /users/{id} GetUser",
                "GET /users/{id}/profile GetProfile",
                "PATCH /posts/{id} PatchPost",
                "PATCH /users/{id} PatchUser",
                "POST /posts/{id}/tags AddPostTags",
                "POST /tags CreateTag",
                "POST /users CreateUser",
                "POST /users/{id}/posts CreatePost",
                "PUT /posts/{id} ReplacePost",
                "PUT /posts/{id}/tags ReplacePostTags",
                "PUT /tags/{id} RenameTag",
                "PUT /users/{id} ReplaceUser",
                "PUT /users/{id}/profile PutProfile",
            ],
            Operations(document)
                .Select(operation =>
                    $"{operation.Method} {operation.Path} {operation.Value.GetProperty("operationId").GetString()}"
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_route_of_the_service_but_its_own_is_in_it()
    {
        using var document = await ReadAsync();

        var routes = Api
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText != "/openapi/v1.json")
            .SelectMany(
                endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods,
                (endpoint, method) => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"
            );

        Assert.Equal(
            routes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Operations(document)
                .Select(operation => $"{operation.Method} {operation.Path}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_operation_declares_the_problems_that_every_route_has()
    {
        using var document = await ReadAsync();

        Assert.All(
            Operations(document),
            operation =>
                Assert.All(
                    sharedProblems,
                    status =>
                        Assert.Equal(
                            "#/components/schemas/Problem",
                            operation
                                .Value.GetProperty("responses")
                                .GetProperty(status)
                                .GetProperty("content")
                                .GetProperty("application/problem+json")
                                .GetProperty("schema")
                                .GetProperty("$ref")
                                .GetString()
                        )
                )
        );
    }

    [Fact]
    public async Task Every_reference_inside_it_leads_somewhere()
    {
        using var document = await ReadAsync();

        var references = References(document.RootElement).Distinct(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(references);
        Assert.All(
            references,
            reference =>
                Assert.True(
                    document
                        .RootElement.GetProperty("components")
                        .GetProperty("schemas")
                        .TryGetProperty(
                            reference.Replace("#/components/schemas/", "", StringComparison.Ordinal),
                            out _
                        ),
                    reference
                )
        );
    }

    [Theory]
    [InlineData("UserRead", "name: string, id: integer, profile: null|ProfileRead, posts: array")]
    [InlineData("ProfileRead", "bio: string, id: integer")]
    [InlineData("PostRead", "title: string, content: string, id: integer, author_id: integer, tags: array")]
    [InlineData("TagRead", "name: string, id: integer")]
    [InlineData("UserCreate", "name: string, bio?: null|string, posts?: array")]
    [InlineData("PostCreate", "title: string, content: string, tag_names?: array")]
    [InlineData("PostUpdate", "title: string, content: string, tag_names?: array")]
    [InlineData("PostPatch", "title?: string, content?: string, tag_names?: array")]
    [InlineData("TagNames", "tag_names: array")]
    [InlineData("PostTags", "items: array")]
    [InlineData("UserUpdate", "name: string")]
    [InlineData("UserPatch", "name?: string, bio?: null|string")]
    [InlineData("ProfilePut", "bio: string")]
    [InlineData("TagWrite", "name: string")]
    [InlineData("Message", "message: string")]
    [InlineData("ProblemPage", "code: string, status: integer, detail: string, remedy: string")]
    [InlineData(
        "Problem",
        "type: string, title: string, status: integer, detail: string, instance: string, code: string, request_id: string, errors?: array, existing_id?: integer"
    )]
    [InlineData(
        "Problem/properties/errors/items",
        "pointer?: string, parameter?: string, header?: string, code: string, detail: string, limit?: integer"
    )]
    public async Task A_shape_has_the_members_of_the_contract(string shape, string members)
    {
        using var document = await ReadAsync();
        var schema = shape
            .Split('/')
            .Aggregate(
                document.RootElement.GetProperty("components").GetProperty("schemas"),
                (schema, name) => schema.GetProperty(name)
            );
        var required = schema.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(name => name.GetString()).ToArray()
            : [];

        Assert.Equal(
            members,
            string.Join(
                ", ",
                schema
                    .GetProperty("properties")
                    .EnumerateObject()
                    .Select(member =>
                        $"{member.Name}{(required.Contains(member.Name, StringComparer.Ordinal) ? "" : "?")}: {TypeOf(member.Value)}"
                    )
            )
        );

        static string TypeOf(JsonElement schema) =>
            schema.TryGetProperty("oneOf", out var choices) ? string.Join('|', choices.EnumerateArray().Select(TypeOf))
            : schema.TryGetProperty("$ref", out var reference) ? reference.GetString()!.Split('/')[^1]
            : schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } types
                ? string.Join('|', types.EnumerateArray().Select(type => type.GetString()))
            : schema.GetProperty("type").GetString()!;
    }

    [Theory]
    [InlineData("/users", "post", "201", "UserRead")]
    [InlineData("/users/{id}", "get", "200", "UserRead")]
    [InlineData("/users/{id}", "put", "200", "UserRead")]
    [InlineData("/users/{id}", "patch", "200", "UserRead")]
    [InlineData("/users/{id}", "delete", "200", "Message")]
    [InlineData("/users/{id}/profile", "get", "200", "ProfileRead")]
    [InlineData("/users/{id}/profile", "put", "201", "ProfileRead")]
    [InlineData("/users/{id}/posts", "post", "201", "PostRead")]
    [InlineData("/posts/{id}", "get", "200", "PostRead")]
    [InlineData("/posts/{id}", "put", "200", "PostRead")]
    [InlineData("/posts/{id}", "patch", "200", "PostRead")]
    [InlineData("/posts/{id}", "delete", "200", "Message")]
    [InlineData("/posts/{id}/tags", "get", "200", "PostTags")]
    [InlineData("/posts/{id}/tags", "put", "200", "PostTags")]
    [InlineData("/posts/{id}/tags", "post", "200", "PostTags")]
    [InlineData("/posts/{id}/tags/{tag_id}", "delete", "200", "Message")]
    [InlineData("/tags", "post", "200", "TagRead")]
    [InlineData("/tags", "post", "201", "TagRead")]
    [InlineData("/tags/{id}", "get", "200", "TagRead")]
    [InlineData("/tags/{id}", "put", "200", "TagRead")]
    [InlineData("/tags/{id}", "delete", "200", "Message")]
    public async Task An_operation_declares_what_it_answers_with(
        string path,
        string method,
        string status,
        string shape
    )
    {
        using var document = await ReadAsync();

        Assert.Equal(
            $"#/components/schemas/{shape}",
            document
                .RootElement.GetProperty("paths")
                .GetProperty(path)
                .GetProperty(method)
                .GetProperty("responses")
                .GetProperty(status)
                .GetProperty("content")
                .GetProperty("application/json")
                .GetProperty("schema")
                .GetProperty("$ref")
                .GetString()
        );
    }

    async Task<JsonDocument> ReadAsync()
    {
        var answer = await Api.GetAsync("/openapi/v1.json");
        Assert.Equal(200, answer.Status);
        return JsonDocument.Parse(answer.Body);
    }

    static IEnumerable<(string Method, string Path, JsonElement Value)> Operations(JsonDocument document) =>
        document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(
                path => path.Value.EnumerateObject(),
                (path, operation) => (operation.Name.ToUpperInvariant(), path.Name, operation.Value)
            );

    static IEnumerable<string> References(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member =>
                    member.NameEquals("$ref") ? [member.Value.GetString()!] : References(member.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
            _ => [],
        };
}
