using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blog.Api.Contract;
using Blog.Data.Catalogue;
using Blog.Data.Input;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Api.Tests.Contract;

public sealed class GetContractTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Returns_the_committed_document()
    {
        var answer = await Api.GetAsync("/openapi/v1.json");

        Assert.Equal((200, "application/json"), (answer.Status, answer["Content-Type"]));
        Assert.True(
            answer.Body == CommittedContract.Text,
            $"docs/openapi.json is not what the service is. Renew it: {CommittedContract.Renew}"
        );
    }

    [Fact]
    public async Task Is_written_to_a_file_without_a_database()
    {
        var folder = Directory.CreateTempSubdirectory("blog-contract-").FullName;
        var file = Path.Combine(folder, "openapi.json");
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--write-contract", file])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Blog"] = "",
                ["BLOG_PG_BIN"] = "/nowhere",
            },
        };

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var written = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var map = await File.ReadAllTextAsync(
            Path.Combine(folder, "sql-map.md"),
            TestContext.Current.CancellationToken
        );
        Directory.Delete(folder, recursive: true);

        Assert.Equal((0, ""), (process.ExitCode, error));
        Assert.True(written == (await Api.GetAsync("/openapi/v1.json")).Body, "Not the document that is served.");
        Assert.True(
            map == CarriedFile.Read("sql-map.md"),
            $"docs/sql-map.md is not what the service is. Renew it: {CommittedContract.Renew}"
        );
    }

    [Fact]
    public async Task Names_only_files_of_the_catalogue_and_leaves_out_only_those_of_commands()
    {
        var document = await ReadAsync();

        var named = document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .SelectMany(method => method.Value!["x-sql"]!["queries"]!.AsArray())
            .Select(query => (string)query!)
            .ToHashSet();

        Assert.Empty(named.Except(QueryCatalogue.All.Select(query => query.Id)));
        Assert.Equal(
            [
                "idempotency/clear_expired_keys",
                "operate/find_statistics",
                "operate/get_statistics",
                "operate/list_objects",
                "users/find_user_names",
            ],
            QueryCatalogue.All.Select(query => query.Id).Except(named)
        );
    }

    [Fact]
    public async Task Knows_every_route_by_its_name()
    {
        var document = await ReadAsync();

        var routes = Routes()
            .SelectMany(route =>
                route
                    .Metadata.GetRequiredMetadata<HttpMethodMetadata>()
                    .HttpMethods.Select(method => $"{method} {PathOf(route)} {NameOf(route)}")
            )
            .Order(StringComparer.Ordinal);
        var operations = OperationsOf(document)
            .Select(operation => $"{operation.Name} {(string?)operation.Node["operationId"]}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(routes, operations);
    }

    [Fact]
    public async Task Describes_every_operation_whole()
    {
        var missing = OperationsOf(await ReadAsync())
            .SelectMany(operation => WhatIsMissingOf(operation.Node).Select(what => $"{operation.Name}: {what}"));

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Describes_and_limits_every_shape_and_all_its_members()
    {
        var shapes = (await ReadAsync())["components"]!["schemas"]!.AsObject();

        Assert.Empty(
            shapes.SelectMany(shape => WhatIsMissingOfShape(shape.Value!).Select(what => $"{shape.Key}{what}"))
        );
    }

    [Fact]
    public void Has_an_example_of_every_body_that_the_service_takes()
    {
        foreach (
            var body in Routes()
                .Select(route => route.Metadata.GetMetadata<IAcceptsMetadata>())
                .OfType<IAcceptsMetadata>()
        )
        {
            var example = ContractExamples.OfSchemas[body.RequestType!.Name];
            readStrictly.MakeGenericMethod(body.RequestType).Invoke(obj: null, [example]);
        }
    }

    [Fact]
    public void Calls_blank_what_the_service_calls_blank()
    {
        var notBlank = new Regex(ContractTexts.NotBlank, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1));

        for (var character = '\0'; character < char.MaxValue; character++)
            Assert.True(
                notBlank.IsMatch(character.ToString()) == (character != '\0' && !char.IsWhiteSpace(character)),
                $"U+{(int)character:X4}"
            );
    }

    static readonly MethodInfo readStrictly = typeof(GetContractTests).GetMethod(
        nameof(ReadStrictly),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    static void ReadStrictly<T>(string json)
        where T : IInput<T> => JsonInput.Read<T>(Encoding.UTF8.GetBytes(json), InputRules.StrictRequest);

    static IEnumerable<string> WhatIsMissingOf(JsonNode operation)
    {
        foreach (var text in (string[])["operationId", "summary", "description"])
        {
            if ((string?)operation[text] is not { Length: > 0 })
                yield return text;
        }

        var described = operation.Root["tags"]!.AsArray().Where(tag => tag!["description"] is not null);
        foreach (var tag in operation["tags"] as JsonArray ?? ["tags"])
        {
            if (!described.Any(known => (string?)known!["name"] == (string?)tag))
                yield return $"words for the tag {tag}";
        }

        foreach (
            var parameter in (operation["parameters"] as JsonArray ?? []).Select(node =>
                CommittedContract.Follow(node!)
            )
        )
        {
            if (parameter["description"] is null || parameter["schema"]?["examples"] is null)
                yield return $"words for the parameter {parameter["name"]}";
        }

        foreach (var (type, body) in operation["requestBody"]?["content"] as JsonObject ?? [])
        {
            if ((body!["examples"] ?? body["schema"]?["examples"]) is null)
                yield return $"an example of the body as {type}";
        }

        foreach (var (status, response) in operation["responses"]!.AsObject())
        {
            var promised = CommittedContract.Follow(response!);
            if ((string?)promised["description"] is not { Length: > 0 } || promised["headers"]?["X-Request-Id"] is null)
                yield return $"words or headers of {status}";
            foreach (var (type, body) in promised["content"] as JsonObject ?? [])
            {
                if (body!["schema"]?["$ref"] is not null && body["examples"] is null)
                    yield return $"an example of {status} as {type}";
            }
        }
    }

    static IEnumerable<string> WhatIsMissingOfShape(JsonNode shape)
    {
        if (shape["description"] is null)
            yield return ": words";
        if (shape["examples"] is null)
            yield return ": an example";
        foreach (var (name, member) in shape["properties"] as JsonObject ?? [])
        {
            if (member!["description"] is null)
                yield return $".{name}: words";
            var isLimited = LimitsOf(member).All(limit => member[limit] is not null);
            var areItemsLimited =
                member["items"] is not { } item || LimitsOf(item).All(limit => item[limit] is not null);
            if (!isLimited || !areItemsLimited)
                yield return $".{name}: limits";
        }
    }

    static string[] LimitsOf(JsonNode schema) =>
        schema["type"]?.ToJsonString() switch
        {
            "\"string\"" or """["null","string"]""" => ["maxLength", "pattern"],
            "\"integer\"" or """["null","integer"]""" => ["minimum", "maximum", "format"],
            "\"array\"" => ["maxItems"],
            _ => [],
        };

    static IEnumerable<(string Name, JsonNode Node)> OperationsOf(JsonNode document) =>
        document["paths"]!
            .AsObject()
            .SelectMany(path =>
                path.Value!.AsObject().Select(entry => ($"{entry.Key.ToUpperInvariant()} {path.Key}", entry.Value!))
            );

    /// <summary>Those of the public listener: what is for the operator is no part of the contract.</summary>
    IEnumerable<RouteEndpoint> Routes() =>
        Api
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null);

    static string PathOf(RouteEndpoint route) =>
        route.RoutePattern.RawText is { Length: > 1 } path ? path.TrimEnd('/') : "/";

    static string? NameOf(RouteEndpoint route) => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;

    async Task<JsonNode> ReadAsync() => JsonNode.Parse((await Api.GetAsync("/openapi/v1.json")).Body)!;
}
