using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Blog.Data.Input;
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
        if (parsed.Action is ParseErrorAction)
        {
            return await ComplainAsync(parsed);
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

    static async Task<int> ComplainAsync(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            var known = command
                .Subcommands.Concat<Symbol>(command.Options)
                .Where(symbol => !symbol.Hidden)
                .Select(symbol => symbol.Name);
            var nearest = Spelling.FindNear(unknown, known) is { } name ? $" Did you mean {name}?" : "";
            await Console.Error.WriteLineAsync($"{unknown} is nothing that {command.Name} knows.{nearest}");
        }
        else if (command.Subcommands.Count > 0)
        {
            var choice = string.Join(", ", command.Subcommands.Select(one => one.Name));
            await Console.Error.WriteLineAsync($"{command.Name} needs one of its commands: {choice}.");
        }
        else
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }
        }

        var path = PathOf(parsed.CommandResult);
        var arguments = string.Concat(command.Arguments.Select(argument => $" <{argument.Name}>"));
        var usage = arguments.Length > 0 ? $"Usage: {path}{arguments}. " : "";
        await Console.Error.WriteLineAsync($"{usage}More: {path} --help");
        return ExitCode.Usage;
    }

    static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

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
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is DocumentedCommand command)
            {
                Write(
                    output,
                    "Exit codes:",
                    command
                        .ExitCodes.OrderBy(exit => exit.Code)
                        .Select(exit => string.Create(CultureInfo.InvariantCulture, $"{exit.Code, -4} {exit.Meaning}"))
                );
                Write(output, "Examples:", command.Examples);
            }
            else if (parseResult.CommandResult.Command is RootCommand root)
            {
                Write(
                    output,
                    "Examples:",
                    root.Subcommands.OfType<DocumentedCommand>().SelectMany(group => group.Examples.Take(1))
                );
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
