using Blog.Testing;

namespace Blog.Cli.Tests.Import;

/// <summary>What an import needs does not depend on how long the file is.</summary>
public sealed class MemoryTests(PostgresServer server)
{
    const int Lines = 1600;
    const int BytesOfLine = 64 * 1024;

    // 64 MiB for everything that the process allocates: a third of what the texts of this file take in memory. Where the limit
    // does not suffice the runtime ends the process, however busy the machine is and whenever it collects.
    const string HeapLimit = "0x4000000";

    [Theory]
    [InlineData("lines")]
    [InlineData("atomic")]
    public async Task A_file_larger_than_the_memory_is_imported(string mode)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        blog.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        using var process = blog.Start("import", "users", "-", "--json", "--mode", mode);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var content = new string('c', BytesOfLine);
        try
        {
            for (var line = 1; line <= Lines; line++)
            {
                await process.StandardInput.WriteAsync(
                    $$"""{"name":"user {{line}}","posts":[{"title":"t","content":"{{content}}"}]}""" + "\n"
                );
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it has read everything; how, is asserted.
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (process.ExitCode, await errors));
        Assert.Contains($"\"accepted\":{Lines},", await output, StringComparison.Ordinal);
        Assert.Equal([$"{Lines}"], await database.ListAsync("select count(*) from blog.post"));
    }
}
