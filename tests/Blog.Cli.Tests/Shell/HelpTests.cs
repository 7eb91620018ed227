namespace Blog.Cli.Tests.Shell;

/// <summary>What the commands say about themselves, and about what was mistyped.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("", "import", "migrate", "Examples:")]
    [InlineData("import", "users", "Examples:")]
    [InlineData(
        "import users",
        "--mode",
        "--skip-existing",
        "--rejected",
        "--overwrite",
        "--json",
        "--connection",
        "Exit codes:",
        "130",
        "Examples:"
    )]
    [InlineData("seed", "--users", "--posts", "--tags", "--seed", "Exit codes:", "Examples:")]
    [InlineData("sql", "list", "show", "find", "explain", "audit", "contracts", "Examples:")]
    [InlineData("sql contracts", "--scale", "--approve", "--into", "--json", "Exit codes:", "130", "Examples:")]
    [InlineData("sql released", "--json", "Exit codes:", "Examples:")]
    [InlineData("sql audit", "--role", "--json", "--connection", "Exit codes:", "Examples:")]
    [InlineData("migrate", "apply", "status", "Examples:")]
    [InlineData("migrate apply", "--plan", "--json", "--connection", "Exit codes:", "Examples:")]
    [InlineData("migrate plan", "--scripts", "--json", "--connection", "Exit codes:", "8", "Examples:")]
    [InlineData("migrate lint", "--scripts", "--json", "Exit codes:", "6", "Examples:")]
    [InlineData("migrate status", "--json", "--connection", "Exit codes:", "Examples:")]
    [InlineData("migrate snapshot", "--json", "--connection", "Exit codes:", "sql/schema.sql")]
    [InlineData("migrate drift", "--json", "--connection", "Exit codes:", "4 ", "Examples:")]
    [InlineData("migrate verify", "--json", "--connection", "Exit codes:", "4 ", "8 ", "Examples:")]
    [InlineData("migrate baseline", "--json", "--connection", "Exit codes:", "4 ", "5 ", "Examples:")]
    [InlineData("migrate docs", "--json", "--connection", "Exit codes:", "docs/schema.md")]
    [InlineData("migrate dossier", "--scripts", "--write", "--json", "Exit codes:", "130", "Examples:")]
    [InlineData("token", "--sub", "--scope", "--key-file", "--minutes", "--json", "Exit codes:", "Examples:")]
    [InlineData("idempotency", "clear", "Examples:")]
    [InlineData("idempotency clear", "--batch", "--json", "--connection", "Exit codes:", "130", "Examples:")]
    public async Task Explains_each_command(string command, params string[] words)
    {
        using var blog = new BlogProcess();

        var ended = await blog.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.All(words, word => Assert.Contains(word, ended.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_the_exit_codes_in_their_order()
    {
        using var blog = new BlogProcess();

        var ended = await blog.RunAsync("migrate", "apply", "--help");

        Assert.Equal(
            ["0", "1", "2", "3", "5", "6", "7", "8", "69", "130"],
            ended
                .Output.Split('\n')
                .SkipWhile(line => line != "Exit codes:")
                .Skip(1)
                .TakeWhile(line => line.Length > 0)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])
        );
    }

    [Theory]
    [InlineData("", "import")]
    [InlineData("improt users x", "Did you mean import?")]
    [InlineData("import user x", "Did you mean users?")]
    [InlineData("import users x --skip-existng", "Did you mean --skip-existing?")]
    [InlineData("migrate dossier 0006_index_post_word.sql", "Did you mean 0006_index_post_words.sql?")]
    [InlineData("migrate dossier --write", "There is no checkout around this folder")]
    [InlineData("migrate stauts", "Did you mean status?")]
    [InlineData("import users x --mode linse", "lines")]
    [InlineData("import users", "file")]
    [InlineData("import users x y", "y")]
    [InlineData("import users missing.ndjson", "missing.ndjson")]
    [InlineData("import users .", "folder")]
    [InlineData("seed --users many", "--users is a number from 1 to 100000000.")]
    [InlineData("seed --posts -1", "--posts is a number from 0 to 10000.")]
    public async Task Refuses_what_it_does_not_know_and_names_the_nearest(string arguments, string expected)
    {
        using var blog = new BlogProcess();

        var ended = await blog.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }
}
