using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Blog.Api.Contract;

/// <summary>The OpenAPI document: made once from the endpoints, and the same bytes for everybody.</summary>
/// <param name="services">Where the document is registered.</param>
sealed class ContractDocument(IServiceProvider services)
{
    /// <summary>How callers sign in, where the operator asks for that.</summary>
    public const string TokenScheme = "token";

    const string Name = "v1";
    const string FileSetting = "write-contract";

    readonly Lazy<Task<byte[]>> text = new(() => WriteAsync(services));

    /// <summary>Indented JSON in UTF-8.</summary>
    public Task<byte[]> Text => text.Value;

    /// <summary>The file that <c>--write-contract</c> names: the document is written there in place of serving. Null otherwise.</summary>
    public static string? FileToWrite(IConfiguration configuration) => configuration[FileSetting];

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = SchemaDescription.NameOf;
        options.AddSchemaTransformer(SchemaDescription.DescribeMembersAsync);
        options.AddOperationTransformer(OperationDescription.DescribeAsync);
        options.AddDocumentTransformer(
            (document, context, _) =>
            {
                Describe(document);
                DescribeTokens(document);
                SchemaDescription.Describe(document, context.ApplicationServices);
                return Task.CompletedTask;
            }
        );
    }

    static void Describe(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "Blog",
            Version = typeof(ContractDocument).Assembly.GetName().Version!.ToString(3),
            Summary = "A blog's users, profiles, posts and tags.",
            Description = ContractTexts.Document,
        };
        // Relative to where the document was fetched from: right under every name and port, and behind a proxy.
        document.Servers = [new() { Url = "/", Description = "The service that this document was fetched from." }];
        var used = document.Tags?.Select(tag => tag.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        document.Tags = ContractTexts
            .Tags.Where(tag => used.Contains(tag.Key))
            .Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value })
            .ToHashSet();
    }

    static void DescribeTokens(OpenApiDocument document) =>
        document.AddComponent(
            TokenScheme,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = ContractTexts.Token,
            }
        );

    static async Task<byte[]> WriteAsync(IServiceProvider services)
    {
        var document = await services
            .GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)
            .GetOpenApiDocumentAsync(CancellationToken.None);
        await using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(writer));
        return Encoding.UTF8.GetBytes(writer + "\n");
    }
}

static class ContractSetup
{
    public static void AddContract(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", ContractDocument.Configure);
        builder.Services.AddSingleton<ContractDocument>();
    }

    /// <summary>Serves until it is stopped; with <c>--write-contract file</c> writes the document there, sql-map.md beside it, and ends.</summary>
    public static async Task RunOrWriteContractAsync(this WebApplication app)
    {
        if (ContractDocument.FileToWrite(app.Configuration) is not { } file)
        {
            await app.RunAsync();
            return;
        }

        // Endpoints are known once the application has started; nobody is to find it on a port meanwhile.
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        var contract = await app.Services.GetRequiredService<ContractDocument>().Text;
        await File.WriteAllBytesAsync(file, contract);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(file)!, "sql-map.md"), SqlMap.Of(contract));
        await app.StopAsync();
    }
}
