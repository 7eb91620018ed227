using Blog.Api.Problems;
using Blog.Api.Responses;
using Blog.Api.Users;
using Blog.Data;
using Blog.Data.Health;
using Blog.Data.Migrations;
using Blog.Data.Users;
using Blog.LocalPostgres;

namespace Blog.Api;

/// <summary>What the service is made of.</summary>
static class Setup
{
    const string DefaultUrl = "http://127.0.0.1:5080";
    const long MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>The listener, and how JSON is written.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<GraphLimits>(builder.Configuration.GetSection("Limits"));
    }

    /// <summary>Errors as documents.</summary>
    public static void AddProblems(this WebApplicationBuilder builder) =>
        builder.Services.AddExceptionHandler<ProblemHandler>();

    /// <summary>
    /// The database of the connection string <c>Blog</c>; in Development without one, a private server of this checkout, migrated.
    /// </summary>
    /// <returns>The private server, which ends when it is disposed; null where there is a connection string.</returns>
    /// <exception cref="InvalidOperationException">There is no connection string and this is not Development.</exception>
    public static async Task<LocalServer?> AddDatabaseAsync(this WebApplicationBuilder builder)
    {
        LocalServer? server = null;
        var connectionString = builder.Configuration.GetConnectionString("Blog");
        if (string.IsNullOrEmpty(connectionString))
        {
            if (!builder.Environment.IsDevelopment())
            {
                throw new InvalidOperationException(
                    "No connection string. Set ConnectionStrings__Blog, for example to "
                        + "\"Host=db.example.org;Database=blog;Username=blog_app;Password=...\". "
                        + "Only in the Development environment does the service start a PostgreSQL of its own."
                );
            }

            server = await LocalServer.StartAsync(
                LocalServerOptions.ForCheckout(Console.WriteLine),
                CancellationToken.None
            );
            await new MigrationRunner(server.ConnectionString("postgres")).ApplyAsync(CancellationToken.None);
            connectionString = server.ConnectionString("blog_app");
        }

        builder.Services.AddSingleton(_ => new BlogData(connectionString));
        builder.Services.AddSingleton<UserRepository>();
        builder.Services.AddSingleton<ProfileRepository>();
        builder.Services.AddSingleton<Readiness>();
        return server;
    }
}
