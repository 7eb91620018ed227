using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Blog.LocalPostgres;

namespace Blog.Cli.Shell;

/// <summary>From arguments to an exit code.</summary>
static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new LongHelp((HelpAction)help.Action!);
        }

        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction error)
        {
            // Where a command is missing, what there is to choose from helps; a mistyped one is named with its neighbours.
            error.ShowHelp =
                parsed.Tokens.Count == 0
                || parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command.Subcommands.Count > 0;
            await parsed.InvokeAsync(new() { Output = Console.Error });
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (CommandFailedException failure)
        {
            return await EndAsync(failure.ExitCode, failure.Message);
        }
        catch (LocalServerException failure)
        {
            return await EndAsync(ExitCode.NoDatabase, failure.Message);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return await EndAsync(ExitCode.Interrupted, "Interrupted.");
        }
    }

    static async Task<int> EndAsync(int exitCode, string message)
    {
        await Console.Error.WriteLineAsync(message);
        return exitCode;
    }

    /// <summary>The usual help, then exit codes and examples.</summary>
    sealed class LongHelp(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = usual.Invoke(parseResult);
            if (parseResult.CommandResult.Command is DocumentedCommand command)
            {
                var output = parseResult.InvocationConfiguration.Output;
                Write(
                    output,
                    "Exit codes:",
                    command.ExitCodes.Select(exit =>
                        string.Create(CultureInfo.InvariantCulture, $"{exit.Code, -4} {exit.Meaning}")
                    )
                );
                Write(output, "Examples:", command.Examples);
            }

            return result;
        }

        static void Write(TextWriter output, string title, IEnumerable<string> lines)
        {
            var list = lines.ToList();
            if (list.Count == 0)
            {
                return;
            }

            output.WriteLine(title);
            foreach (var line in list)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }
    }
}
