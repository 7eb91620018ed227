using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Blog.Api.Health;
using Blog.Api.Lists;
using Blog.Api.Problems;
using Blog.Api.Users;
using Blog.Data.Input;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Blog.Api.Contract;

/// <summary>Completes what ASP.NET Core says of the shapes: their names, which members must be sent and may be null, words, limits, examples.</summary>
static class SchemaDescription
{
    static readonly MethodInfo takesNull = typeof(SchemaDescription).GetMethod(
        nameof(TakesNull),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    static readonly Dictionary<Type, string> names = new()
    {
        [typeof(User)] = "UserRead",
        [typeof(Profile)] = "ProfileRead",
        [typeof(Post)] = "PostRead",
        [typeof(Tag)] = "TagRead",
        [typeof(Author)] = "PostAuthor",
        [typeof(Page<User>)] = "UserPage",
        [typeof(Page<Post>)] = "PostPage",
        [typeof(Page<Tag>)] = "TagPage",
        [typeof(ProblemDocument)] = "Problem",
        [typeof(InputError)] = "Violation",
        [typeof(HealthState)] = "Health",
    };

    /// <summary>
    /// Shapes of which a request can ask for some members, or for others: by themselves they are answers to writes, and parts of one
    /// another; their views are answers to reads, and the items of pages.
    /// </summary>
    static readonly Dictionary<string, (string View, string[] OptIn)> views = new(StringComparer.Ordinal)
    {
        ["UserRead"] = ("UserView", [.. Resource.User.OptIn]),
        ["PostRead"] = ("PostView", [.. Resource.Post.OptIn, "author"]),
        ["TagRead"] = ("TagView", [.. Resource.Tag.OptIn]),
    };

    /// <summary>The name of a shape in the contract; null for what is described where it stands.</summary>
    public static string? NameOf(JsonTypeInfo type) =>
        names.TryGetValue(type.Type, out var name) ? name : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>Says which members are always there and which may be null: of a body what its reader does, else what is written.</summary>
    public static Task DescribeMembersAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken ct
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is null && type.GetInterfaces().Any(IsInput))
        {
            var required = type.GetProperty(nameof(IInput<>.RequiredMembers))!.GetValue(obj: null)!;
            schema.Required = ((IReadOnlyList<string>)required).ToHashSet(StringComparer.Ordinal);
            foreach (var (member, value) in MembersOf(schema))
            {
                SetNull(value, (bool)takesNull.MakeGenericMethod(type).Invoke(obj: null, [member])!);
            }
        }
        else if (context.JsonPropertyInfo is null)
        {
            foreach (var member in context.JsonTypeInfo.Properties.Where(IsLeftOutWhereNull))
            {
                schema.Required?.Remove(member.Name);
                SetNull(schema.Properties![member.Name], mayBeNull: false);
            }
        }

        return Task.CompletedTask;
    }

    static bool IsInput(Type shape) => shape.IsGenericType && shape.GetGenericTypeDefinition() == typeof(IInput<>);

    static bool IsLeftOutWhereNull(JsonPropertyInfo member) =>
        member
            .AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            .OfType<JsonIgnoreAttribute>()
            .Any(ignored => ignored.Condition == JsonIgnoreCondition.WhenWritingNull) == true;

    static void SetNull(IOpenApiSchema value, bool mayBeNull)
    {
        if (value is OpenApiSchema { Type: { } type } schema)
        {
            schema.Type = mayBeNull ? type | JsonSchemaType.Null : type & ~JsonSchemaType.Null;
        }
    }

    /// <summary>Gives every named shape and its members their words, limits and examples.</summary>
    public static void Describe(OpenApiDocument document, IServiceProvider services)
    {
        AddViews(document);
        foreach (var (name, shape) in document.Components!.Schemas!)
        {
            var schema = (OpenApiSchema)shape;
            schema.Description = ContractTexts.Schemas.GetValueOrDefault(name);
            if (ContractExamples.OfSchemas.TryGetValue(name, out var example))
            {
                schema.Examples = [JsonNode.Parse(example)!];
            }

            foreach (var (member, value) in MembersOf(schema))
            {
                if (
                    ContractTexts.Members.TryGetValue($"{name}.{member}", out var words)
                    || ContractTexts.Members.TryGetValue(member, out words)
                )
                {
                    Describe(value, words);
                }

                if ($"{name}.{member}" is "UserRead.posts" or "UserView.posts")
                {
                    // How many posts a graph holds is the operator's choice.
                    ((OpenApiSchema)value).MaxItems = services
                        .GetRequiredService<IOptions<GraphLimits>>()
                        .Value.GraphPosts;
                }
            }
        }
    }

    /// <summary>What is answered in place of a shape, or of a list of them, where members can be left out; else the shape itself.</summary>
    public static IOpenApiSchema ViewOf(IOpenApiSchema schema, OpenApiDocument document) =>
        schema switch
        {
            OpenApiSchemaReference { Reference.Id: { } name } when views.TryGetValue(name, out var view) =>
                new OpenApiSchemaReference(view.View, document),
            OpenApiSchema { Items: OpenApiSchemaReference { Reference.Id: "UserRead" or "PostRead" } items } list =>
                WithItems(list, ViewOf(items, document)),
            _ => schema,
        };

    /// <summary>Adds a view beside each shape that has one, takes the members from the shape that only a view has, and makes pages of views.</summary>
    static void AddViews(OpenApiDocument document)
    {
        var schemas = document.Components!.Schemas!;
        foreach (var (name, (view, optIn)) in views)
        {
            var shape = (OpenApiSchema)schemas[name];
            schemas.Add(
                view,
                new OpenApiSchema
                {
                    Type = shape.Type,
                    Properties = MembersOf(shape)
                        .ToDictionary(
                            member => member.Key,
                            member =>
                                ViewOf(
                                    optIn.Contains(member.Key, StringComparer.Ordinal)
                                        ? WithoutNull(member.Value)
                                        : member.Value,
                                    document
                                ),
                            StringComparer.Ordinal
                        ),
                }
            );
            foreach (var member in optIn)
            {
                shape.Properties!.Remove(member);
            }
        }

        foreach (var page in schemas.Values.OfType<OpenApiSchema>().Where(IsPage))
        {
            var items = (OpenApiSchema)page.Properties!["items"];
            page.Properties["items"] = WithItems(items, ViewOf(items.Items!, document));
        }
    }

    /// <summary>What is absent where it was not asked for is never null.</summary>
    static IOpenApiSchema WithoutNull(IOpenApiSchema value) =>
        value.OneOf?.OfType<OpenApiSchemaReference>().SingleOrDefault() ?? value;

    static bool IsPage(OpenApiSchema schema) => schema.Properties?.ContainsKey("total_is") is true;

    static OpenApiSchema WithItems(OpenApiSchema list, IOpenApiSchema items) =>
        new() { Type = list.Type, Items = items };

    static IEnumerable<KeyValuePair<string, IOpenApiSchema>> MembersOf(OpenApiSchema schema) =>
        schema.Properties ?? Enumerable.Empty<KeyValuePair<string, IOpenApiSchema>>();

    static void Describe(IOpenApiSchema value, Words words)
    {
        value.Description = words.Text;
        if (value is OpenApiSchema schema)
        {
            words.ApplyTo(schema);
        }
    }

    /// <summary>Asks the reader of the shape itself.</summary>
    static bool TakesNull<T>(string member)
        where T : IInput<T>
    {
        try
        {
            var body = new JsonObject { [member] = null };
            JsonInput.Read<T>(Encoding.UTF8.GetBytes(body.ToJsonString()), InputRules.Request);
            return true;
        }
        catch (InvalidInputException invalid)
        {
            return invalid.Errors.All(error => error.Pointer != $"#/{member}");
        }
    }
}

/// <summary>What is said of one value, and the limits that its type does not tell.</summary>
/// <param name="Text">For whoever calls the service.</param>
sealed record Words(string Text)
{
    /// <summary>Null for what is more than one JSON value.</summary>
    public JsonSchemaType? Type { get; init; } = JsonSchemaType.String;

    public string? Format { get; init; }

    /// <summary>Regular expression (ECMA-262) of a text, or of each text of a list.</summary>
    public string? Pattern { get; init; }

    /// <summary>Least length of a text, least number.</summary>
    public long? Min { get; init; }

    /// <summary>Greatest length of a text, items of a list, greatest number.</summary>
    public long? Max { get; init; }

    /// <summary>Of a list of texts.</summary>
    public Words? Items { get; init; }

    public string? Example { get; init; }

    public OpenApiSchema ToSchema()
    {
        var schema = new OpenApiSchema
        {
            Type = Type,
            Description = Type is null ? Text : null,
            Items = Items?.ToSchema(),
        };
        ApplyTo(schema);
        return schema;
    }

    /// <summary>Sets what the schema does not say already: the attributes of a type come first.</summary>
    public void ApplyTo(OpenApiSchema schema)
    {
        schema.Format ??= Format;
        switch (schema.Type & ~JsonSchemaType.Null)
        {
            case JsonSchemaType.String:
                schema.Pattern ??= Pattern;
                schema.MinLength ??= (int?)Min;
                schema.MaxLength ??= (int?)Max;
                break;
            case JsonSchemaType.Integer:
                schema.Minimum ??= Min?.ToString(CultureInfo.InvariantCulture);
                schema.Maximum ??= Max?.ToString(CultureInfo.InvariantCulture);
                break;
            case JsonSchemaType.Array:
                schema.MaxItems ??= (int?)Max;
                if (schema.Items is OpenApiSchema item)
                {
                    Items?.ApplyTo(item);
                }

                break;
        }

        if (Example is not null)
        {
            schema.Examples =
            [
                schema.Type is JsonSchemaType.Integer or JsonSchemaType.Array ? JsonNode.Parse(Example)! : Example,
            ];
        }
    }
}
