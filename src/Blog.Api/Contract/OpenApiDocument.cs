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

    /// <summary>Members whose null is never sent: they have a value or are absent.</summary>
    static readonly (Type Shape, string Member)[] absentMembers =
    [
        (typeof(UserPatch), "name"),
        (typeof(ProblemDocument), "errors"),
        (typeof(InputError), "pointer"),
        (typeof(InputError), "parameter"),
        (typeof(InputError), "header"),
        (typeof(InputError), "limit"),
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
                        DescribeInput<UserCreate>(schema, context.JsonTypeInfo.Type);
                        DescribeInput<UserUpdate>(schema, context.JsonTypeInfo.Type);
                        DescribeInput<UserPatch>(schema, context.JsonTypeInfo.Type);
                        DescribeInput<PostCreate>(schema, context.JsonTypeInfo.Type);
                        DescribeInput<ProfilePut>(schema, context.JsonTypeInfo.Type);
                        DescribeAbsence(schema, context.JsonTypeInfo.Type);
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

    /// <summary>A constructor has a place for every member; the shape says which of them must be sent.</summary>
    static void DescribeInput<T>(OpenApiSchema schema, Type type)
        where T : IInput<T>
    {
        if (type == typeof(T))
        {
            schema.Required = T.RequiredMembers.ToHashSet(StringComparer.Ordinal);
        }
    }

    static string? NameOf(Type type) =>
        type == typeof(User) ? "UserRead"
        : type == typeof(Profile) ? "ProfileRead"
        : type == typeof(Post) ? "PostRead"
        : type == typeof(Tag) ? "TagRead"
        : type == typeof(ProblemDocument) ? "Problem"
        : type == typeof(Problem) ? "ProblemPage"
        : null;

    static void DescribeAbsence(OpenApiSchema schema, Type shape)
    {
        foreach (var (_, name) in absentMembers.Where(absent => absent.Shape == shape))
        {
            schema.Required?.Remove(name);
            if (schema.Properties?[name] is OpenApiSchema member)
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
