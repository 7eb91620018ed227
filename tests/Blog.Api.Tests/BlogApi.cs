using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Blog.Api.Health;
using Blog.Data;
using Blog.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Blog.Api.Tests;

/// <summary>A database of its own and the whole service on it, on a real socket.</summary>
public sealed class BlogApi(PostgresServer server) : IAsyncLifetime
{
    /// <summary>Nobody is told to come again where a test has many clients on a busy machine.</summary>
    const string PoolForMany = ";Maximum Pool Size=100";

    readonly ConcurrentQueue<string> log = new();
    TestDatabase? database;
    WebApplicationFactory<Program>? factory;
    HttpClient? client;

    /// <summary>Settings of the service besides its connection string.</summary>
    (string Key, string Value)[] settings = [];
    string connectionOptions = "";
    Action<IServiceCollection> replace = _ => { };

    public TestDatabase Database => database ?? throw new InvalidOperationException("Not started.");

    /// <summary>Where the service listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public IServiceProvider Services => factory!.Services;

    /// <summary>Every line the service has logged, with its level in front.</summary>
    public IReadOnlyCollection<string> Log => log;

    /// <summary>For one test that needs its own settings or breaks its database.</summary>
    /// <param name="connectionOptions">Appended to the connection string of the service.</param>
    public static async Task<BlogApi> StartAsync(
        PostgresServer server,
        string connectionOptions = "",
        params (string Key, string Value)[] settings
    )
    {
        var api = new BlogApi(server) { settings = settings, connectionOptions = connectionOptions };
        await api.InitializeAsync();
        return api;
    }

    /// <summary>The same with services in place of its own.</summary>
    public static async Task<BlogApi> StartAsync(
        PostgresServer server,
        Action<IServiceCollection> replace,
        params (string Key, string Value)[] settings
    )
    {
        var api = new BlogApi(server) { settings = settings, replace = replace };
        await api.InitializeAsync();
        return api;
    }

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync(server);
        factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Production");
            host.UseSetting("urls", "http://127.0.0.1:0");
            // The admin listener has one port, and there are many of these.
            host.UseSetting("Admin:Urls", "");
            // Nobody shares out requests here who would have to notice the end.
            host.UseSetting("Shutdown:NoticeSeconds", "0");
            // What goes over a budget fails.
            host.UseSetting("Sql:Budget", "strict");
            host.UseSetting("ConnectionStrings:Blog", database.AppConnectionString + PoolForMany + connectionOptions);
            foreach (var (key, value) in settings)
                host.UseSetting(key, value);
            host.ConfigureTestServices(replace);
            host.ConfigureLogging(logging => logging.ClearProviders().AddProvider(new LogLines(log)));
        });
        factory.UseKestrel();
        factory.StartServer();
        // A test that holds locks must not meet the first look at the database.
        await factory
            .Services.GetRequiredService<ReadinessWatch>()
            .ExecuteTask!.WaitAsync(TestContext.Current.CancellationToken);
        Address = new(
            factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        );
        client = new(new AlwaysHeaders { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } })
        {
            BaseAddress = Address,
        };
        client.DefaultRequestHeaders.Add("X-Request-Id", "test");
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (factory is not null)
            await factory.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }

    /// <summary>What the tables hold is other than it was, and not by way of the service: ids begin anew, and the epoch of the tags.</summary>
    public void BeginAnew() => Services.GetRequiredService<BlogData>().TagMemory.Forget();

    public Task<Answer> GetAsync(string path, params (string, string)[] headers) =>
        SendAsync("GET", path, json: null, headers);

    public Task<Answer> PostAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync("POST", path, json, headers);

    public Task<Answer> PutAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync("PUT", path, json, headers);

    public Task<Answer> PatchAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync("PATCH", path, json, headers);

    public Task<Answer> DeleteAsync(string path, params (string, string)[] headers) =>
        SendAsync("DELETE", path, json: null, headers);

    public Task<Answer> SendAsync(string method, string path, string? json, params (string, string)[] headers) =>
        SendAsync(method, path, json is null ? null : Encoding.UTF8.GetBytes(json), headers);

    /// <summary>Sends one request, a body as application/json where the headers do not say otherwise; an empty value leaves a header out.</summary>
    public async Task<Answer> SendAsync(string method, string path, byte[]? body, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("Content-", StringComparison.Ordinal))
            {
                request.Content!.Headers.Remove(name);
                if (value.Length > 0)
                    request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await client!.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    sealed class LogLines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
