using System.Globalization;
using Blog.Data.Import;
using Spectre.Console;

namespace Blog.Cli.Import;

/// <summary>Shows on the standard error how far an import is: a bar on a terminal, else a line every few seconds.</summary>
static class ImportMeter
{
    static readonly TimeSpan interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work, which calls its argument after every line.</summary>
    /// <param name="length">Bytes in all; null where nobody knows.</param>
    public static Task<T> ShowAsync<T>(ImportTally tally, long? length, bool isQuiet, Func<Action, Task<T>> work) =>
        isQuiet ? work(() => { })
        : Console.IsErrorRedirected ? work(LinesOf(tally, length))
        : ShowBarAsync(tally, length, work);

    static Action LinesOf(ImportTally tally, long? length)
    {
        var next = interval;
        return () =>
        {
            if (tally.Elapsed >= next)
            {
                next = tally.Elapsed + interval;
                var part = length is > 0 and { } all ? $"{(double)tally.Progress.Bytes / all:0%}" : "";
                Console.Error.WriteLine($"{part} {Describe(tally)}".TrimStart());
            }
        };
    }

    static Task<T> ShowBarAsync<T>(ImportTally tally, long? length, Func<Action, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(enabled: true)
            .Columns(
                new ProgressBarColumn { Width = 12 },
                new PercentageColumn(),
                new DownloadedColumn { Culture = CultureInfo.InvariantCulture },
                new TaskDescriptionColumn { Alignment = Justify.Left }
            )
            .StartAsync(bars =>
            {
                var bar = bars.AddTask(Describe(tally), maxValue: Math.Max(1, length ?? 1));
                bar.IsIndeterminate = length is null;
                return work(() =>
                {
                    bar.MaxValue = Math.Max(1, length ?? tally.Progress.Bytes);
                    bar.Value = tally.Progress.Bytes;
                    bar.Description = Describe(tally);
                });
            });
    }

    // With the bar it fits into 80 columns.
    static string Describe(ImportTally tally)
    {
        var phase = tally.Progress.Phase == ImportPhase.Checking ? "checking " : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{phase}{tally.Progress.Lines:#,0} lines, {tally.LinesPerSecond:#,0}/s, {tally.Accepted:#,0} accepted, {tally.Rejected:#,0} rejected"
        );
    }
}
