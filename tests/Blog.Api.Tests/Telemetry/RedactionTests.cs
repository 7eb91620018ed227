using System.Net.Sockets;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Telemetry;

/// <summary>
/// What is secret is in no line of the log, at its most talkative, and in no answer: passwords, what clients send to prove who they
/// are, bodies, and what is bound to statements, also where the connection string asks for that.
/// </summary>
public sealed class RedactionTests(PostgresServer server) : IAsyncLifetime
{
    const string Talkative =
        "Log Parameters=true;Include Error Detail=true;Include Failed Batched Command=true;Persist Security Info=true";

    TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateMigratedAsync(server);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Nothing_that_a_client_sends_or_a_statement_is_given_is_told()
    {
        // A constraint of which the service knows nothing: the server's words about it hold the row.
        await database.ExecuteAsync("alter table blog.profile add constraint unknown_rule check (bio <> 'Beeblebrox')");
        await using var service = await StartAsync($"{database.AppConnectionString};{Talkative}");

        var answer = await service.PostAsync(
            "/users",
            """{"name":"Zaphod","bio":"Beeblebrox"}""",
            ("Authorization", "Bearer Trillian"),
            ("Cookie", "session=Trillian"),
            ("Proxy-Authorization", "Basic Trillian"),
            ("Idempotency-Key", "Marvin")
        );
        await service.GetAsync("/users?name=Zaphod");
        await LastAsync(service);

        Assert.Equal(422, answer.Status);
        CheckSecrets(service.Output, "Beeblebrox", "Trillian", "Marvin", Password);
        CheckSecrets(answer.Body, "Zaphod", "Beeblebrox", "Trillian", "Marvin", "unknown_rule", "profile", Password);
        Assert.Empty(await database.ListAsync("select name from blog.users"));
    }

    [Theory]
    [InlineData("Password=Slartibartfast")]
    [InlineData("Password=Slartibartfast;Port={0}")]
    public async Task A_password_is_not_told_where_the_database_does_not_let_in_or_is_not_there(string settings)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(database.AppConnectionString) { Password = null };
        await using var service = await StartAsync(
            $"{connectionString};{string.Format(null, settings, NobodysPort())};{Talkative}"
        );

        var answer = await service.GetAsync("/users");
        var ready = await service.GetAsync("/readyz");
        await LastAsync(service);

        Assert.InRange(answer.Status, 500, 503);
        Assert.InRange(ready.Status, 500, 503);
        Assert.Contains("Not ready: ", service.Output, StringComparison.Ordinal);
        CheckSecrets(service.Output, "Slartibartfast");
        CheckSecrets(answer.Body + ready.Body, "Slartibartfast", "blog_app", "28P01");
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_not_quoted()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(
            "Production",
            ("ConnectionStrings__Blog", "postgres://blog_app:Slartibartfast@localhost/blog"),
            ("Admin__Urls", ""),
            ("Logging__LogLevel__Default", "Trace")
        );

        Assert.Equal(
            (78, "ConnectionStrings__Blog is not a connection string that Npgsql can read."),
            (exitCode, output.Trim())
        );
    }

    [Fact]
    public async Task Nothing_in_a_query_or_a_header_begins_a_line()
    {
        await using var service = await StartAsync(database.AppConnectionString, "Development");

        await service.GetAsync("/users?name=a%0D%0Aforged%20line&cursor=%E2%80%A8forged&%0Aforged=1");
        await service.PostAsync(
            "/users?%0D%0Aforged",
            "{}",
            ("Prefer", "handling=strict, forged"),
            ("traceparent", "forged")
        );
        await LastAsync(service);

        Assert.Contains("forged", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            service.Output.Split('\n', '\r', '\u2028'),
            line => line.TrimStart().StartsWith("forged", StringComparison.Ordinal)
        );
    }

    string Password => new NpgsqlConnectionStringBuilder(database.AppConnectionString).Password!;

    static Task<ServiceProcess> StartAsync(string connectionString, string environment = "Production") =>
        ServiceProcess.StartAsync(
            connectionString,
            variables:
            [
                ("ASPNETCORE_ENVIRONMENT", environment),
                ("Logging__LogLevel__Default", "Trace"),
                ("Logging__LogLevel__Microsoft.AspNetCore", "Trace"),
            ]
        );

    /// <summary>Waits until everything before is in the log.</summary>
    static async Task LastAsync(ServiceProcess service)
    {
        await service.GetAsync("/livez?the-last");
        await Eventually.HoldsAsync(
            () => service.Output.Contains("the-last", StringComparison.Ordinal),
            "the last request logged"
        );
    }

    static void CheckSecrets(string text, params string[] secrets)
    {
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    static int NobodysPort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
