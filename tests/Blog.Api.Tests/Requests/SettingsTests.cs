using Blog.Testing;

namespace Blog.Api.Tests.Requests;

/// <summary>Settings that mean nothing: the process says which, and does not start.</summary>
public sealed class SettingsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData(
        "Cors__Origins",
        "*",
        "Cors__Origins is origins as browsers send them, such as https://app.example.org, with ; between them, not \"*\"."
    )]
    [InlineData(
        "Proxy__Known",
        "proxy",
        "Proxy__Known is addresses and networks, such as 10.0.0.7 or 10.0.0.0/24, with ; between them, not \"proxy\"."
    )]
    [InlineData(
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED",
        "true",
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes everybody. Proxy__Known names the proxies to believe, by address or network."
    )]
    [InlineData(
        "Limits__RequestsPerMinute",
        "-1",
        "Limits__RequestsPerMinute is a whole number from 0, for no limit, to 1000000, not \"-1\"."
    )]
    [InlineData("Limits__StreamSeconds", "1h", "Limits__StreamSeconds is a whole number from 1 to 86400, not \"1h\".")]
    [InlineData(
        "Limits__ImportBytes",
        "4G",
        "Limits__ImportBytes is a whole number from 1 to 1099511627776, not \"4G\"."
    )]
    [InlineData("Limits__GraphPosts", "-1", "Limits__GraphPosts is a whole number from 1 to 1000000, not \"-1\".")]
    [InlineData("Api__RequireIfMatch", "yes", "Api__RequireIfMatch is true or false, not \"yes\".")]
    [InlineData("Limits__Streams", "0", "Limits__Streams is a whole number from 1 to 1000, not \"0\".")]
    public async Task A_setting_that_means_nothing_ends_the_process_with_78_and_a_sentence(
        string setting,
        string value,
        string sentence
    )
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(
            "Production",
            ("ConnectionStrings__Blog", database.AppConnectionString),
            ("Admin__Urls", ""),
            (setting, value)
        );

        Assert.Equal((78, sentence), (exitCode, output.Trim()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5970", "http://127.0.0.1:0; http://127.0.0.2:5970", "http://127.0.0.2:5970")]
    [InlineData("http://unix:/tmp/blog-public", "http://unix:/tmp/blog-admin", "http://unix:/tmp/blog-admin")]
    public async Task An_admin_listener_that_would_be_taken_for_the_public_one_ends_it_too(
        string urls,
        string admin,
        string shared
    )
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(
            "Production",
            ["--urls", urls],
            ("ConnectionStrings__Blog", database.AppConnectionString),
            ("Admin__Urls", admin)
        );

        Assert.Equal(
            (
                78,
                $"Admin__Urls has the port of a public address, {shared}: by its port, and nothing else, a request is known to be the operator's. A Unix socket has none, so only one of the two may be one."
            ),
            (exitCode, output.Trim())
        );
    }
}
