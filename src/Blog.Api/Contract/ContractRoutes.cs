using Blog.Api.Responses;

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

    public static void MapContract(this WebApplication app)
    {
        app.MapGet("/", GetService).WithName(nameof(GetService)).WithTags("service").WithSqlBudget(0, 0);
        app.MapOpenApi("/openapi/{documentName}.json").WithSqlBudget(0, 0);
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Blog";
            page.SwaggerEndpoint(DocumentPath, "Blog");
        });
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
