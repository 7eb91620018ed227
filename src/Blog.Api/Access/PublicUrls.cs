namespace Blog.Api.Access;

/// <summary>Where the service listens to everybody.</summary>
static class PublicUrls
{
    const string Usual = "http://127.0.0.1:5080";
    const string Endpoints = "Kestrel:Endpoints";

    /// <summary>Those of <c>--urls</c> or <c>ASPNETCORE_URLS</c>; else every address, on the ports that the images of .NET name; else the usual one.</summary>
    /// <exception cref="UnusableSettingException">Kestrel has addresses of its own: it would forget these, and which of them are the operator's.</exception>
    public static string[] Of(IConfiguration configuration)
    {
        if (configuration.GetSection(Endpoints).GetChildren().Any())
        {
            throw new UnusableSettingException(
                "Kestrel__Endpoints is not read here: it would replace the admin listener, too. Addresses are --urls or ASPNETCORE_URLS, and Admin__Urls; a certificate is Kestrel__Certificates__Default."
            );
        }

        if (configuration["urls"] is { Length: > 0 } urls)
        {
            return Split(urls);
        }

        string[] ports = [.. PortsOf(configuration, "http"), .. PortsOf(configuration, "https")];
        return ports.Length > 0 ? ports : [Usual];
    }

    static IEnumerable<string> PortsOf(IConfiguration configuration, string scheme) =>
        Split(configuration[$"{scheme}_ports"] ?? "").Select(port => $"{scheme}://*:{port}");

    /// <summary>Addresses that stand in one setting, with semicolons between them.</summary>
    public static string[] Split(string list) =>
        list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
