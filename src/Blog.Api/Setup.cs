using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Blog.Api.Access;
using Blog.Api.Admin;
using Blog.Api.Contract;
using Blog.Api.Health;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Api.Users;
using Blog.Data;
using Blog.Data.Export;
using Blog.Data.Health;
using Blog.Data.Import;
using Blog.Data.Migrations;
using Blog.Data.Operate;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;
using Blog.LocalPostgres;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace Blog.Api;

/// <summary>What the service is made of.</summary>
static class Setup
{
    // sysexits.h: EX_CONFIG
    const int ExitWithoutConfiguration = 78;
    const string NoConnectionString = """
        No connection string. Set ConnectionStrings__Blog, for example to
          Host=db.example.org;Database=blog;Username=blog_app;Password=...
        Only in the Development environment does the service start a PostgreSQL of its own.
        """;

    /// <summary>What the file beside the service says holds wherever it is started from; whatever else says otherwise comes after it.</summary>
    public static void AddSettings(this WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(
            0,
            new JsonConfigurationSource
            {
                FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
                Path = "appsettings.json",
                Optional = true,
            }
        );

    /// <summary>The listener, and how JSON is written.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        if (!RequestBudget.IsKnown(builder.Configuration))
        {
            End(
                ExitWithoutConfiguration,
                $"Sql__Budget is {RequestBudget.Warn} or {RequestBudget.Strict}, not \"{builder.Configuration[RequestBudget.Setting]}\"."
            );
        }

        if (!PlanReceipts.IsKnown(builder.Configuration))
        {
            End(
                ExitWithoutConfiguration,
                $"Sql__Explain is {PlanReceipts.On} or {PlanReceipts.Off}, not \"{builder.Configuration[PlanReceipts.Setting]}\"."
            );
        }

        if (Drain.NoticeOf(builder.Configuration, builder.Environment) is not { } notice)
        {
            End(
                ExitWithoutConfiguration,
                $"Shutdown__NoticeSeconds is a whole number from 0 to 25, not \"{builder.Configuration[Drain.Setting]}\"."
            );
            return;
        }

        var fault =
            CrossOrigin.FaultOf(builder.Configuration)
            ?? KnownProxies.FaultOf(builder.Configuration)
            ?? RateLimits.FaultOf(builder.Configuration)
            ?? StreamPlaces.FaultOf(builder.Configuration)
            ?? StreamLimits.FaultOf(builder.Configuration)
            ?? GraphLimits.FaultOf(builder.Configuration)
            ?? RequiredConditions.FaultOf(builder.Configuration);
        if (fault is not null)
        {
            End(ExitWithoutConfiguration, fault);
        }

        try
        {
            builder.AddAccess(AdminListener.Add(builder, PublicUrls.Of(builder.Configuration)));
        }
        catch (UnusableSettingException unusable)
        {
            End(ExitWithoutConfiguration, unusable.Message);
        }

        builder.WebHost.ConfigureKestrel(ListenerLimits.Set);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain.AtMost);
        builder.Services.AddSingleton(services => new Drain(notice, services.GetRequiredService<ILogger<Drain>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<GraphLimits>(builder.Configuration.GetSection("Limits"));
        builder.Services.Configure<StreamLimits>(builder.Configuration.GetSection("Limits"));
        builder.Services.AddSingleton(services => new StreamPlaces(services.GetRequiredService<BlogData>().Streams));
        // A host that is not one of AllowedHosts is ended from below, as a broken request line is: 400 without a body.
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.IncludeFailureMessage = false);
    }

    /// <summary>Errors as documents.</summary>
    public static void AddProblems(this WebApplicationBuilder builder) =>
        builder.Services.AddExceptionHandler<ProblemHandler>();

    /// <summary>
    /// The database of the connection string <c>Blog</c>; in Development without one, a private server of this checkout, migrated.
    /// Where there is no database to be had the process ends, with the reason on the error stream and its exit code.
    /// </summary>
    /// <returns>The private server, which ends when it is disposed; null where there is a connection string.</returns>
    public static async Task<LocalServer?> AddDatabaseAsync(this WebApplicationBuilder builder)
    {
        LocalServer? server = null;
        var serves = ContractDocument.FileToWrite(builder.Configuration) is null;
        var connectionString = builder.Configuration.GetConnectionString("Blog");
        if (string.IsNullOrEmpty(connectionString) && serves)
        {
            if (!builder.Environment.IsDevelopment())
            {
                End(ExitWithoutConfiguration, NoConnectionString);
            }

            server = await StartPrivateServerAsync();
            connectionString = server.ConnectionString("blog_app");
        }

        if (serves && !ConnectionText.IsReadable(connectionString!))
        {
            End(ExitWithoutConfiguration, "ConnectionStrings__Blog is not a connection string that Npgsql can read.");
        }

        // Where only the contract is written nobody asks for these two.
        var data = serves ? Open(connectionString!, StreamPlaces.Read(builder.Configuration)!.Value) : null;
        var warmUp = data is null ? null : WarmUp.Begin(data);
        builder.Services.AddSingleton(_ => data!);
        builder.Services.AddSingleton(_ => warmUp!);
        builder.Services.AddSingleton<UserRepository>();
        builder.Services.AddSingleton<ProfileRepository>();
        builder.Services.AddSingleton<PostRepository>();
        builder.Services.AddSingleton<PostTagRepository>();
        builder.Services.AddSingleton<TagRepository>();
        builder.Services.AddSingleton<UserListRepository>();
        builder.Services.AddSingleton<PostListRepository>();
        builder.Services.AddSingleton<TagListRepository>();
        builder.Services.AddSingleton<UserImport>();
        builder.Services.AddSingleton<UserExport>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<ReadinessWatch>();
        if (serves)
        {
            // What is only looked at beside the requests does not end them; the host logs it.
            builder.Services.Configure<HostOptions>(host =>
                host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore
            );
            builder.Services.AddHostedService(services => services.GetRequiredService<ReadinessWatch>());
            builder.Services.AddHostedService(services => new DatabaseWarning(
                connectionString!,
                services.GetRequiredService<ILogger<DatabaseWarning>>()
            ));
            if (AdminListener.IsWanted(builder.Configuration))
            {
                builder.Services.AddHostedService<StatementIdentities>();
            }
        }

        builder.Services.AddSingleton<SqlStatistics>();
        builder.Services.AddSingleton<StatementProbe>();
        builder.Services.AddSingleton<ReceiptProbe>();
        return server;
    }

    static BlogData Open(string connectionString, int streams)
    {
        var data = new BlogData(connectionString, streams);
        // Where nothing comes back from the database, the driver may keep a thread for each connection: others go on with theirs.
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, data.Connections + Environment.ProcessorCount), ports);
        return data;
    }

    static async Task<LocalServer> StartPrivateServerAsync()
    {
        try
        {
            var server = await LocalServer.StartAsync(
                LocalServerOptions.ForCheckout(Console.WriteLine),
                CancellationToken.None
            );
            await new MigrationRunner(server.ConnectionString("postgres")).ApplyAsync(CancellationToken.None);
            return server;
        }
        catch (LocalServerException failure)
        {
            return End(failure.ExitCode, failure.Message);
        }
        catch (MigrationException failure)
        {
            return End((int)failure.Failure, failure.Message);
        }
    }

    [DoesNotReturn]
    static LocalServer End(int exitCode, string reason)
    {
        Console.Error.WriteLine(reason);
        Environment.Exit(exitCode);
        throw new UnreachableException();
    }
}
