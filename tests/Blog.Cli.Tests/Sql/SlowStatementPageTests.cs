using System.Text.RegularExpressions;
using Blog.LocalPostgres;
using Npgsql;

namespace Blog.Cli.Tests.Sql;

/// <summary>docs/operate/slow-statement.md shows what the commands say on a private server, and so does whatever else names an identifier.</summary>
public sealed partial class SlowStatementPageTests : IAsyncLifetime
{
    const string Attached = "Attached to the private PostgreSQL 15 of this checkout, which runs already.\n";

    static readonly string page = Read("docs/operate/slow-statement.md");

    readonly BlogProcess blog = new();
    LocalServer server = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var folder = blog.PathOf("data");
        blog.Environment["BLOG_DATA_DIR"] = folder;
        server = await LocalServer.StartAsync(new() { DataDirectory = folder, Durable = false }, Token);
        await blog.RunAsync("migrate", "apply");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        blog.Dispose();
    }

    [Fact]
    public async Task An_identifier_is_that_of_the_statement_that_it_is_said_to_be()
    {
        var help = await blog.RunAsync("sql", "find", "--help");
        var identifiers = Find().Matches(page + Read("sql/README.md") + help.Output).Select(Id).ToArray();

        Assert.Equal(
            ["-5748802081616935210", "-2368198952679402873", "6910286681558168575", "-5748802081616935210"],
            identifiers
        );
        // Another PostgreSQL has others for the same statements.
        if (server.Major == 15)
        {
            Assert.Contains(
                $"$ blog sql find {identifiers[0]}\n{Attached}{await FindAsync(identifiers[0])}```\n",
                page,
                StringComparison.Ordinal
            );
            Assert.Contains($"Query Identifier: {identifiers[0]}\n", page, StringComparison.Ordinal);
            Assert.StartsWith("users/list_users 1  ", await FindAsync(identifiers[0]), StringComparison.Ordinal);
            Assert.StartsWith("users/get_user 1  ", await FindAsync(identifiers[1]), StringComparison.Ordinal);
            Assert.StartsWith("tags/get_tag_names 1  ", await FindAsync(identifiers[2]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_header_is_that_of_the_file()
    {
        var file = (await blog.RunAsync("sql", "show", "users/list_users")).Output;

        var shown = Header().Match(page).Groups["text"].Value;

        Assert.Equal(6, shown.Count(letter => letter == '\n'));
        Assert.StartsWith(shown, file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_index_that_is_dropped_is_missed_and_comes_back_as_it_was()
    {
        await SendAsync("drop index blog.post_author_id_id_idx");
        var without = await blog.RunAsync("migrate", "drift");
        await SendAsync("create index concurrently post_author_id_id_idx on blog.post (author_id, id)");
        var with = await blog.RunAsync("migrate", "drift");

        Assert.Contains($"$ blog migrate drift\n{Attached}{without.Output}$ psql", page, StringComparison.Ordinal);
        Assert.Equal("The schema is as sql/schema.sql says.\n", with.Output);
    }

    /// <summary>Sends one of the statements that the page gives to psql.</summary>
    async Task SendAsync(string statement)
    {
        Assert.Contains($"-c '{statement}'", page, StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    async Task<string> FindAsync(string identifier)
    {
        var found = await blog.RunAsync("sql", "find", identifier);
        Assert.Equal(0, found.ExitCode);
        return found.Output;
    }

    static string Id(Match match) => match.Groups["id"].Value;

    static string Read(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Blog.sln")))
            folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, path)).ReplaceLineEndings("\n");
    }

    [GeneratedRegex("blog sql find (?<id>-?[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Find();

    [GeneratedRegex(
        @"\$ blog sql show users/list_users\n(?<text>(-- .+\n)+)\.\.\.\n",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Header();
}
