using System.Text;
using Blog.Api.Access;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Contract;

/// <summary>What this service is and where to go from here.</summary>
public sealed record ServiceDescription(
    string Service,
    string Version,
    string Contract,
    string Documentation,
    string Live,
    string Ready
);

/// <summary>The description of the service, the OpenAPI document and the page to read it.</summary>
static class ContractRoutes
{
    public const string DocumentPath = "/openapi/v1.json";

    /// <summary>Its script and style are files of this service; what the script draws has styles and images written into it, and it calls nobody else.</summary>
    const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    const string Page = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Blog</title>
          <link rel="stylesheet" href="/docs/swagger-ui.css">
          <link rel="stylesheet" href="/docs/index.css">
          <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
        </head>
        <body>
          <div id="swagger-ui"></div>
          <script src="/docs/swagger-ui-bundle.js"></script>
          <script src="/docs/swagger-ui-standalone-preset.js"></script>
          <script src="/docs/index.js"></script>
        </body>
        </html>

        """;

    public static void MapContract(this WebApplication app)
    {
        app.MapGet("/", GetService).WithName(nameof(GetService)).OpenToAll().WithTags("service").WithSqlBudget(0, 0);
        app.MapGet(DocumentPath, GetContract)
            .WithName(nameof(GetContract))
            .OpenToAll()
            .WithTags("service")
            .WithSqlBudget(0, 0);
        app.MapGet("/docs", GetDocumentation)
            .WithName(nameof(GetDocumentation))
            .OpenToAll()
            .WithTags("service")
            .WithMediaType("text/html")
            .WithSqlBudget(0, 0);
        // The files that the page loads. The page itself is an endpoint, so that it has the methods and headers of one.
        app.UseWhen(
            context => context.GetEndpoint() is null,
            files =>
                files.UseSwaggerUI(page =>
                {
                    page.RoutePrefix = "docs";
                    page.SwaggerEndpoint(DocumentPath, "Blog");
                })
        );
    }

    static async Task<FileContentHttpResult> GetContract(ContractDocument document) =>
        TypedResults.Bytes(await document.Text, RequestChecks.Json);

    static ContentHttpResult GetDocumentation(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = PagePolicy;
        return TypedResults.Content(Page, "text/html", Encoding.UTF8);
    }

    static Representation<ServiceDescription> GetService() =>
        new(
            new(
                "blog",
                typeof(ContractRoutes).Assembly.GetName().Version!.ToString(3),
                DocumentPath,
                "/docs",
                "/livez",
                "/readyz"
            )
        );
}
