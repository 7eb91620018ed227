using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Tests;

/// <summary>What must stay true of the source, whoever changes it.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void No_string_of_SQL_stands_in_CSharp_outside_the_runner_and_the_private_server()
    {
        var found = Repository
            .CSharpFiles("src")
            .Where(file => !file.Path.StartsWith("src/Blog.Data/Migrations/", StringComparison.Ordinal))
            .Where(file => !file.Path.StartsWith("src/Blog.LocalPostgres/", StringComparison.Ordinal))
            // They prepare and explain the statements of the catalogue, in words that no file can hold.
            .Where(file =>
                file.Path
                    is not ("src/Blog.Data/Operate/StatementProbe.cs" or "src/Blog.Data/Operate/FootprintProbe.cs")
            )
            .SelectMany(file => SqlString().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}"));

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("var sql = \"select 1\";")]
    [InlineData("var sql = $\"SELECT {column} FROM blog.users\";")]
    [InlineData("var sql = \"\"\"\n    with changed as (select 1)\n    select 2\n    \"\"\";")]
    [InlineData("Execute(@\"insert into blog.users (name) values (1)\")")]
    [InlineData("Execute(\"update blog.users set name = null\")")]
    [InlineData("Execute(\"/* users/x 1 */ delete from blog.users\")")]
    [InlineData("Execute(\"truncate blog.users\")")]
    [InlineData("Execute(\"set local role blog_owner\")")]
    public void The_search_for_strings_of_SQL_finds_them(string code) => Assert.Matches(SqlString(), code);

    [Theory]
    [InlineData("var text = \"Select a user\";")]
    [InlineData("errors.Add(\"with the seconds of the Retry-After header\")")]
    [InlineData("/// <summary>select 1</summary>")]
    [InlineData("var text = \"Update the client.\";")]
    public void The_search_for_strings_of_SQL_passes_over_prose(string code) => Assert.DoesNotMatch(SqlString(), code);

    [Theory]
    [InlineData(
        @"\b(CommandDefinition|NpgsqlCommand|NpgsqlBatch)\b|\.Create(Command|Batch)\(",
        "BlogData.cs",
        "Operate/FootprintProbe.cs",
        "Operate/StatementProbe.cs"
    )]
    [InlineData(@"\busing Dapper\b|\bDapper\.|\bSqlMapper\b", "BlogData.cs", "ResultSets.cs")]
    public void Only_the_door_makes_commands_and_knows_Dapper(string pattern, params string[] expected)
    {
        var found = Repository
            .CSharpFiles("src")
            .Where(file => !file.Path.StartsWith("src/Blog.Data/Migrations/", StringComparison.Ordinal))
            .Where(file => !file.Path.StartsWith("src/Blog.LocalPostgres/", StringComparison.Ordinal))
            .Where(file => Regex.IsMatch(file.Text, pattern, RegexOptions.None, TimeSpan.FromSeconds(10)))
            .Select(file => file.Path)
            .Order(StringComparer.Ordinal);

        Assert.Equal(expected.Select(name => "src/Blog.Data/" + name), found);
    }

    [Fact]
    public void Every_query_of_the_catalogue_is_asked_for_in_one_place()
    {
        var asked = Repository
            .CSharpFiles("src")
            .SelectMany(file => CatalogueFind().Matches(file.Text))
            .Select(match => match.Groups["id"].Value)
            .Order(StringComparer.Ordinal);

        Assert.Equal(QueryCatalogue.All.Select(query => query.Id), asked);
    }

    [Fact]
    public void Every_query_of_the_catalogue_stands_in_the_map_of_the_README()
    {
        var map = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.All(QueryCatalogue.All, query => Assert.Contains($"`{query.Id}`", map, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Blog.Api")]
    [InlineData("Blog.Cli")]
    public void Whoever_uses_the_data_room_cannot_compile_against_Dapper_or_Npgsql(string project)
    {
        using var assets = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "src", project, "obj", "project.assets.json"))
        );
        var packages = assets.RootElement.GetProperty("targets").EnumerateObject().First().Value;

        string[] CompileFiles(string name) =>
            packages
                .EnumerateObject()
                .Single(package => package.Name.StartsWith(name + "/", StringComparison.Ordinal))
                .Value.TryGetProperty("compile", out var files)
                ? [.. files.EnumerateObject().Select(file => file.Name)]
                : [];

        Assert.All(CompileFiles("Dapper"), file => Assert.EndsWith("/_._", file, StringComparison.Ordinal));
        Assert.All(CompileFiles("Npgsql"), file => Assert.EndsWith("/_._", file, StringComparison.Ordinal));
    }

    // A quote (or three, and a line end), at most a comment, and a statement's first words in the form that only SQL has.
    [GeneratedRegex(
        """
            "\s*(?:/\*.*?\*/\s*)?(?:select\s+(?:\d|\*|[a-z_.]+\s*(?:,|\(|from\b)|\{)|with\s+[a-z_]+\s+as\s*\(|insert\s+into\s|update\s+[a-z_{]+(?:\.[a-z_]+)?\s+set\b|delete\s+from\s|truncate\s+(?:table\s+)?[a-z_]+\.|(?:create|alter|drop)\s+(?:table|index|role|schema|database|view)\s|set\s+(?:local|session)\s|copy\s+[a-z_.]+\s+(?:from|to)\s)
            """,
        RegexOptions.IgnoreCase | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex SqlString();

    [GeneratedRegex(
        """QueryCatalogue\.Find\("(?<id>[^"]+)"\)""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex CatalogueFind();
}
