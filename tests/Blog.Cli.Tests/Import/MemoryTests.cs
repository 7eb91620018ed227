using System.Diagnostics;
using Blog.Testing;

namespace Blog.Cli.Tests.Import;

/// <summary>What an import needs does not depend on how long the file is.</summary>
public sealed class MemoryTests(PostgresServer server)
{
    const int Lines = 400;
    const int BytesOfLine = 64 * 1024;

    [Theory]
    [InlineData("lines")]
    [InlineData("atomic")]
    public async Task Does_not_grow_with_the_file(string mode)
    {
        var one = await PeakMegabytesAsync(Lines, mode);
        var four = await PeakMegabytesAsync(4 * Lines, mode);

        // The larger file is 75 MiB longer, which as texts in memory would be 150.
        Assert.True(four - one < 40, $"The peak was {one} MiB, and {four} MiB with a file four times as long.");
    }

    async Task<long> PeakMegabytesAsync(int lines, string mode)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.AppConnectionString };
        // A fixed nursery: otherwise its size follows the cache of the machine, and the small file may never fill it.
        blog.Environment["DOTNET_GCgen0size"] = "0x1000000";
        using var process = blog.Start("import", "users", "-", "--json", "--mode", mode);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var content = new string('c', BytesOfLine);
        var peak = 0L;
        for (var line = 1; line <= lines; line++)
        {
            await process.StandardInput.WriteAsync(
                $$"""{"name":"user {{line}}","posts":[{"title":"t","content":"{{content}}"}]}""" + "\n"
            );
            peak = Math.Max(peak, Peak(process));
        }

        process.StandardInput.Close();
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(10)))
        {
            peak = Math.Max(peak, Peak(process));
        }

        Assert.Equal(0, process.ExitCode);
        Assert.Contains($"\"accepted\":{lines},", await output, StringComparison.Ordinal);
        Assert.True(peak > 0, "The process was never seen.");
        return peak / 1024 / 1024;
    }

    static long Peak(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
