using System.Text.Json;

namespace Blog.Api.Tests.Contract;

public sealed class OpenApiTests(BlogApi api) : ApiTest(api)
{
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
                "GET /export/users ExportUsers",
                "GET /livez GetLiveness",
                "GET /openapi/v1.json GetContract",
                "GET /posts ListPosts",
                "GET /posts/{id} GetPost",
                "GET /posts/{id}/tags GetPostTags",
                "GET /problems/{code} ExplainProblem",
                "GET /readyz GetReadiness",
                "GET /tags ListTags",
                "GET /tags/{id} GetTag",
                "GET /users ListUsers",
                "GET /users/{id} GetUser",
                "GET /users/{id}/posts ListUserPosts",
                "GET /users/{id}/profile GetProfile",
                "PATCH /posts/{id} PatchPost",
                "PATCH /users/{id} PatchUser",
                "POST /import/users ImportUsers",
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

    [Theory]
    [InlineData("POST /users", "201 400 401 403 405 406 408 409 413 415 422 429 500 503 504")]
    [InlineData("GET /users", "200 400 401 403 405 406 429 500 503 504")]
    [InlineData("GET /users/{id}/posts", "200 400 401 403 404 405 406 422 429 500 503 504")]
    [InlineData("GET /users/{id}", "200 304 400 401 403 404 405 406 422 429 500 503 504")]
    [InlineData("PUT /users/{id}", "200 204 400 401 403 404 405 406 408 409 412 413 415 422 428 429 500 503 504")]
    [InlineData("PATCH /users/{id}", "200 204 400 401 403 404 405 406 408 409 412 413 415 422 428 429 500 503 504")]
    [InlineData("DELETE /users/{id}", "200 204 400 401 403 404 405 406 409 412 422 428 429 500 503 504")]
    [InlineData(
        "PUT /users/{id}/profile",
        "200 201 204 400 401 403 404 405 406 408 409 412 413 415 422 429 500 503 504"
    )]
    [InlineData("POST /tags", "200 201 204 400 401 403 405 406 408 409 413 415 422 429 500 503 504")]
    [InlineData("POST /import/users", "200 400 401 403 405 406 408 409 413 415 422 429 500 503 504")]
    [InlineData("GET /export/users", "200 400 401 403 405 406 429 500 503 504")]
    [InlineData("GET /readyz", "200 400 405 406 500 503 504")]
    [InlineData("GET /livez", "200 400 405 406 500")]
    public async Task An_operation_declares_every_status_that_it_can_answer_with(string operation, string statuses)
    {
        using var document = await ReadAsync();

        var found = Operations(document).Single(known => $"{known.Method} {known.Path}" == operation);

        Assert.Equal(
            statuses,
            string.Join(' ', found.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name))
        );
    }

    [Theory]
    [InlineData("GET", "/users/{id}/profile", "404", "user_not_found profile_not_found")]
    [InlineData("DELETE", "/tags/{id}", "422", "validation_failed invalid_reference")]
    [InlineData(
        "GET",
        "/posts",
        "400",
        "invalid_parameter unknown_parameter unsupported_filter_combination invalid_cursor cursor_mismatch invalid_preference"
    )]
    [InlineData("GET", "/posts/{id}", "400", "invalid_parameter invalid_header invalid_preference")]
    [InlineData("PUT", "/tags/{id}", "409", "tag_name_taken write_conflict")]
    [InlineData("PUT", "/tags/{id}", "400", "malformed_json invalid_header invalid_preference")]
    [InlineData("POST", "/import/users", "400", "malformed_json invalid_parameter invalid_header invalid_preference")]
    [InlineData("GET", "/readyz", "503", "database_unavailable overloaded storage_full not_ready")]
    public async Task A_status_names_the_codes_that_it_may_have(string method, string path, string status, string codes)
    {
        using var document = await ReadAsync();
        var response = Operations(document)
            .Single(operation => (operation.Method, operation.Path) == (method, path))
            .Value.GetProperty("responses")
            .GetProperty(status);

        var shared = Follow(document, response.GetProperty("$ref").GetString()!)!.Value;

        Assert.Equal(
            codes,
            string.Join(' ', shared.GetProperty("x-problem-codes").EnumerateArray().Select(code => code.GetString()))
        );
        Assert.Equal(
            "#/components/schemas/Problem",
            shared
                .GetProperty("content")
                .GetProperty("application/problem+json")
                .GetProperty("schema")
                .GetProperty("$ref")
                .GetString()
        );
    }

    [Fact]
    public async Task Every_reference_inside_it_leads_somewhere()
    {
        using var document = await ReadAsync();

        var references = References(document.RootElement).Distinct(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(Follow(document, reference) is not null, reference));
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
    [InlineData("ProblemDescription", "code: string, status: integer, detail: string, remedy: string")]
    [InlineData(
        "Problem",
        "type: string, title: string, status: integer, detail: string, instance: string, code: string, request_id: string, errors?: array, existing_id?: integer, reason?: string"
    )]
    [InlineData(
        "Violation",
        "line?: integer, pointer?: string, parameter?: string, header?: string, code: string, detail: string, limit?: integer"
    )]
    public async Task A_shape_has_the_members_of_the_contract(string shape, string members)
    {
        using var document = await ReadAsync();
        var schema = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(shape);
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
    [InlineData("/users", "get", "200", "UserPage")]
    [InlineData("/users/{id}", "get", "200", "UserView")]
    [InlineData("/users/{id}", "put", "200", "UserRead")]
    [InlineData("/users/{id}", "patch", "200", "UserRead")]
    [InlineData("/users/{id}", "delete", "200", "Message")]
    [InlineData("/users/{id}/profile", "get", "200", "ProfileRead")]
    [InlineData("/users/{id}/profile", "put", "201", "ProfileRead")]
    [InlineData("/users/{id}/posts", "post", "201", "PostRead")]
    [InlineData("/posts/{id}", "get", "200", "PostView")]
    [InlineData("/posts/{id}", "put", "200", "PostRead")]
    [InlineData("/posts/{id}", "patch", "200", "PostRead")]
    [InlineData("/posts/{id}", "delete", "200", "Message")]
    [InlineData("/posts/{id}/tags", "get", "200", "PostTags")]
    [InlineData("/posts/{id}/tags", "put", "200", "PostTags")]
    [InlineData("/posts/{id}/tags", "post", "200", "PostTags")]
    [InlineData("/posts/{id}/tags/{tag_id}", "delete", "200", "Message")]
    [InlineData("/tags", "post", "200", "TagRead")]
    [InlineData("/tags", "post", "201", "TagRead")]
    [InlineData("/tags/{id}", "get", "200", "TagView")]
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

    static JsonElement? Follow(JsonDocument document, string reference) =>
        reference
            .Split('/')
            .Skip(1)
            .Aggregate(
                (JsonElement?)document.RootElement,
                (from, name) => from is { } element && element.TryGetProperty(name, out var member) ? member : null
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
