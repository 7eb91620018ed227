using Blog.Api.Problems;
using Blog.Data.Input;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Blog.Api.Contract;

/// <summary>The OpenAPI document: the names of the contract, and what every operation may answer with.</summary>
static class OpenApiDocument
{
    static readonly Problem[] answersOfEveryRoute =
    [
        KnownProblems.MalformedJson,
        KnownProblems.MethodNotAllowed,
        KnownProblems.NotAcceptable,
        KnownProblems.PayloadTooLarge,
        KnownProblems.UnsupportedMediaType,
        KnownProblems.ValidationFailed,
        KnownProblems.InternalError,
        KnownProblems.DatabaseUnavailable,
        KnownProblems.DeadlineExceeded,
    ];

    /// <summary>The members that may be absent, and whether they may be null as well; all others are always there.</summary>
    static readonly (Type Shape, string Member, bool CanBeNull)[] optionalMembers =
    [
        (typeof(UserCreate), "bio", true),
        (typeof(UserCreate), "posts", false),
        (typeof(UserPatch), "name", false),
        (typeof(UserPatch), "bio", true),
        (typeof(PostCreate), "tag_names", false),
        (typeof(ProblemDocument), "errors", false),
        (typeof(InputError), "pointer", false),
        (typeof(InputError), "parameter", false),
        (typeof(InputError), "header", false),
        (typeof(InputError), "limit", false),
    ];

    public static void AddContract(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi(
            "v1",
            options =>
            {
                options.CreateSchemaReferenceId = type =>
                    NameOf(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                options.AddSchemaTransformer(
                    (schema, context, _) =>
                    {
                        MarkOptionalMembers(schema, context.JsonTypeInfo.Type);
                        return Task.CompletedTask;
                    }
                );
                options.AddDocumentTransformer(
                    async (document, context, ct) =>
                    {
                        document.Info = new()
                        {
                            Title = "Blog",
                            Version = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
                            Description = "A blog's users, profiles, posts and tags.",
                        };
                        document.Servers = [];
                        document.AddComponent(
                            "Problem",
                            await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, ct)
                        );
                        AddSharedResponses(document);
                    }
                );
            }
        );

    static string? NameOf(Type type) =>
        type == typeof(User) ? "UserRead"
        : type == typeof(Profile) ? "ProfileRead"
        : type == typeof(Post) ? "PostRead"
        : type == typeof(Tag) ? "TagRead"
        : type == typeof(ProblemDocument) ? "Problem"
        : type == typeof(Problem) ? "ProblemPage"
        : null;

    static void MarkOptionalMembers(OpenApiSchema schema, Type shape)
    {
        foreach (var (_, name, canBeNull) in optionalMembers.Where(optional => optional.Shape == shape))
        {
            schema.Required?.Remove(name);
            if (!canBeNull && schema.Properties?[name] is OpenApiSchema member)
            {
                member.Type &= ~JsonSchemaType.Null;
            }
        }
    }

    static void AddSharedResponses(Microsoft.OpenApi.OpenApiDocument document)
    {
        foreach (var (_, operation) in document.Paths.Values.SelectMany(path => path.Operations ?? []))
        {
            operation.Responses ??= [];
            foreach (var problem in answersOfEveryRoute)
            {
                var status = problem.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
                operation.Responses.TryAdd(
                    status,
                    new OpenApiResponse
                    {
                        Description = problem.Detail,
                        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                        {
                            [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference("Problem", document) },
                        },
                    }
                );
            }
        }
    }
}
