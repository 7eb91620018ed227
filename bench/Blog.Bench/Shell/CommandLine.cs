using System.CommandLine;
using System.CommandLine.Invocation;
using Blog.Data.Migrations;
using Blog.LocalPostgres;

namespace Blog.Bench.Shell;

/// <summary>From arguments to an exit code.</summary>
static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("More: dotnet run -c Release --project bench/Blog.Bench -- --help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
                }
            );
        }
        catch (BenchException failure)
        {
            return await EndAsync(failure.ExitCode, failure.Message);
        }
        catch (LocalServerException failure)
        {
            return await EndAsync(failure.ExitCode, failure.Message);
        }
        catch (MigrationException failure)
        {
            return await EndAsync(ExitCode.Failed, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return await EndAsync(ExitCode.Interrupted, "Interrupted.");
        }
    }

    static async Task<int> EndAsync(int exitCode, string message)
    {
        await Console.Error.WriteLineAsync(message);
        return exitCode;
    }
}
