using Blog.Data.Migrations;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate lint</c> as an operator runs it: without any database.</summary>
public sealed class LintTests
{
    const string Unsafe =
        "-- 9999_drop_bio: gone.\n-- why:   x\n-- locks: x\n-- undo:  none.\nalter table blog.profile drop column bio;\n";

    [Fact]
    public async Task Passes_the_scripts_of_the_build()
    {
        using var blog = new BlogProcess { ConnectionString = "Host=127.0.0.1;Port=1;Database=blog" };

        var ended = await blog.RunAsync("migrate", "lint");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches(@"^\d+ scripts: 0 found, 0 allowed\.\n\z", ended.Output);
    }

    [Fact]
    public async Task Names_what_is_unsafe_and_ends_with_6()
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync("9999_drop_bio.sql", Unsafe);

        var text = await blog.RunAsync("migrate", "lint", "--scripts", blog.Folder);
        var json = await blog.RunAsync("migrate", "lint", "--scripts", blog.Folder, "--json");

        Assert.Equal((6, ""), (text.ExitCode, text.Error));
        Assert.Equal(
            "9999_drop_bio.sql:5 drop: A statement of the service that still runs fails if it names the column blog.profile.bio, and what is in it is gone.",
            text.Output.Split('\n')[0]
        );
        Assert.StartsWith("  safe: Expand, then contract: ", text.Output.Split('\n')[1], StringComparison.Ordinal);
        Assert.EndsWith("1 script: 1 found, 0 allowed.\n", text.Output, StringComparison.Ordinal);
        Assert.Equal((6, ""), (json.ExitCode, json.Error));
        var finding = Assert.Single(json.Json.GetProperty("findings").EnumerateArray().ToList());
        Assert.Equal(
            ["script", "line", "rule", "problem", "safe_form"],
            finding.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(5, finding.GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task Passes_what_its_script_allows_and_shows_the_reason()
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync(
            "9999_drop_bio.sql",
            Unsafe.Replace("alter", "-- lint: allow drop: nobody reads it.\nalter", StringComparison.Ordinal)
        );

        var ended = await blog.RunAsync("migrate", "lint", "--scripts", blog.Folder);

        Assert.Equal(
            (0, "9999_drop_bio.sql:5 drop is allowed: nobody reads it.\n1 script: 0 found, 1 allowed.\n", ""),
            (ended.ExitCode, ended.Output, ended.Error)
        );
    }

    [Fact]
    public async Task Passes_over_no_file_because_of_its_case()
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync("9999_DROP_BIO.SQL", Unsafe);

        var ended = await blog.RunAsync("migrate", "lint", "--scripts", blog.Folder);

        Assert.Equal(
            (1, "", "9999_DROP_BIO.SQL: a script is named NNNN_verb_object.sql, in lower case.\n"),
            (ended.ExitCode, ended.Output, ended.Error)
        );
    }

    [Fact]
    public async Task Says_which_file_is_no_script()
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync(MigrationScript.LoadAll()[0].Name, "-- nothing\n");

        var ended = await blog.RunAsync("migrate", "lint", "--scripts", blog.Folder);

        Assert.Equal(
            (1, "", "0001_create_roles.sql: it holds no statement.\n"),
            (ended.ExitCode, ended.Output, ended.Error)
        );
    }
}
