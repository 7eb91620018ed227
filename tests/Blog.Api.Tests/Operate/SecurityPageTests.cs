using System.Text.RegularExpressions;
using Blog.Api.Requests;
using Blog.Api.Users;

namespace Blog.Api.Tests.Operate;

/// <summary>docs/operate/security.md says of each risk which tests hold its control: they are there, under these names.</summary>
public sealed partial class SecurityPageTests
{
    static readonly string page = CarriedFile.Read("security.md");

    [Fact]
    public void Every_risk_names_tests_and_every_test_that_it_names_is_there()
    {
        var rows = Row().Matches(page).ToArray();

        Assert.Equal(
            Enumerable.Range(1, 10).Select(number => $"API{number}"),
            rows.Select(row => row.Groups["risk"].Value)
        );
        Assert.All(rows, row => Assert.NotEmpty(Test().Matches(row.Value)));
        var known = Directory
            .EnumerateFiles(Path.Combine(Root(), "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText, StringComparer.Ordinal);
        Assert.Empty(
            Test()
                .Matches(page)
                .Where(test =>
                    !known[test.Groups["class"].Value]
                        .Any(text => text.Contains(Declared(test), StringComparison.Ordinal))
                )
                .Select(test => test.Value)
        );
    }

    [Fact]
    public void Every_setting_that_it_has_is_on_it()
    {
        foreach (
            var setting in (string[])
                [CrossOrigin.Setting, KnownProxies.Setting, RateLimits.Setting, StreamPlaces.Setting]
        )
            Assert.Contains(
                $"`{setting.Replace(":", "__", StringComparison.Ordinal)}`",
                page,
                StringComparison.Ordinal
            );
    }

    /// <summary>A method by its declaration, a class alone by its own.</summary>
    static string Declared(Match test) =>
        test.Groups["method"].Success ? $" {test.Groups["method"].Value}(" : $"class {test.Groups["class"].Value}";

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Blog.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| (?<risk>API\d+) .*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Test();
}
