using Blog.Api.Access;
using Blog.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Api.Tests.Access;

/// <summary>Where nobody signs in, others than this machine reach nothing, unless that is said aloud.</summary>
public sealed class OpenDoorsTests(PostgresServer server)
{
    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://127.8.9.1:5080")]
    [InlineData("http://localhost:5080")]
    [InlineData("https://LOCALHOST:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://unix:/run/blog.sock")]
    public void These_are_for_this_machine(string url) => Assert.Null(OpenDoors.FirstOf([url]));

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:80")]
    [InlineData("http://[::]:80")]
    [InlineData("https://[::]:443")]
    [InlineData("http://10.0.0.1:5080")]
    [InlineData("http://0:5080")]
    [InlineData("http://example.org:5080")]
    [InlineData("http://localhost.example.org:5080")]
    [InlineData("http://127.0.0.1.example.org")]
    [InlineData("http://localhost.:5080")]
    public void These_are_for_everybody(string url) =>
        Assert.Equal(url, OpenDoors.FirstOf(["http://127.0.0.1:5080", url]));

    [Theory]
    [InlineData("http://0.0.0.0:0", "--urls", "http://0.0.0.0:0")]
    [InlineData("http://*:0", "--urls", "http://127.0.0.1:0;http://*:0")]
    [InlineData("http://[::]:0", "ASPNETCORE_URLS", "http://[::]:0")]
    [InlineData("http://*:0", "ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData("http://example.org:0", "Admin__Urls", "http://example.org:0")]
    public async Task The_service_refuses_to_start_and_names_the_address_and_both_ways_out(
        string named,
        string setting,
        string value
    )
    {
        var (exitCode, output) =
            setting == "--urls"
                ? await ServiceProcess.RunAsync("Production", [setting, value])
                : await ServiceProcess.RunAsync("Production", [], (setting, value));

        Assert.Equal(
            (
                78,
                $"Nobody signs in (Auth__Mode is none), and {named} is not only for this machine: whoever reaches it could read, change and delete everything. Set Auth__Mode=jwt to ask for tokens, or Auth__AllowAnonymous=true where something in front of the service decides who reaches it.\n"
            ),
            (exitCode, output)
        );
    }

    [Fact]
    public async Task A_wrong_setting_ends_the_process_with_its_name()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync("Production", ("Auth__Mode", "basic"));

        Assert.Equal((78, "Auth__Mode is none or jwt, not \"basic\".\n"), (exitCode, output));
    }

    [Fact]
    public void Addresses_of_Kestrel_itself_are_refused() =>
        Assert.StartsWith(
            "Kestrel__Endpoints is not read here: it would replace the admin listener, too.",
            Assert
                .Throws<UnusableSettingException>(() =>
                    PublicUrls.Of(Configuration(("Kestrel:Endpoints:Any:Url", "http://*:5080")))
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Ports_without_addresses_are_those_of_every_address()
    {
        Assert.Equal(["http://127.0.0.1:5080"], PublicUrls.Of(Configuration()));
        Assert.Equal(
            ["http://*:8080", "http://*:8081", "https://*:8443"],
            PublicUrls.Of(Configuration(("http_ports", "8080;8081"), ("https_ports", "8443")))
        );
        Assert.Equal(
            ["http://127.0.0.1:1", "http://127.0.0.1:2"],
            PublicUrls.Of(Configuration(("http_ports", "8080"), ("urls", "http://127.0.0.1:1; http://127.0.0.1:2")))
        );
    }

    [Fact]
    public async Task An_address_that_comes_by_another_way_is_not_bound()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            BlogApi.StartAsync(
                server,
                services => services.Configure<KestrelServerOptions>(kestrel => kestrel.ListenAnyIP(0))
            )
        );

        Assert.IsType<UnusableSettingException>(refused.GetBaseException());
    }

    [Fact]
    public async Task Said_aloud_it_serves_everybody_and_says_so()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await using var service = await ServiceProcess.StartAsync(
            database.AppConnectionString,
            "http://*:0",
            ("Auth__AllowAnonymous", "true")
        );

        Assert.Equal(200, (await service.GetAsync("/users")).Status);
        Assert.Contains(
            "Nobody signs in, and http://*:0 is not only for this machine (Auth__AllowAnonymous=true): whoever reaches it can read, change and delete everything.",
            service.Output,
            StringComparison.Ordinal
        );
    }

    static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
}
