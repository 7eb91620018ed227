using System.Diagnostics;
using Spectre.Console;

namespace Blog.Cli.Shell;

/// <summary>How far long work is.</summary>
/// <param name="Done">What is done of it.</param>
/// <param name="All">In the same unit; null where nobody knows.</param>
/// <param name="Text">In words; with a bar of 18 columns in front it fits into 80.</param>
readonly record struct Reached(long Done, long? All, string Text);

/// <summary>Shows on the standard error how far long work is: a bar on a terminal, else a line every few seconds.</summary>
static class Meter
{
    static readonly TimeSpan betweenLines = TimeSpan.FromSeconds(5);
    static readonly TimeSpan betweenFrames = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the work, which calls its argument after every step.</summary>
    public static Task<T> ShowAsync<T>(Func<Reached> reached, bool isQuiet, Func<Action, Task<T>> work) =>
        isQuiet ? work(() => { })
        : Console.IsErrorRedirected ? work(Every(betweenLines, () => Console.Error.WriteLine(LineOf(reached()))))
        : ShowBarAsync(reached, work);

    static Task<T> ShowBarAsync<T>(Func<Reached> reached, Func<Action, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(enabled: true)
            .Columns(
                new ProgressBarColumn { Width = 12 },
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left }
            )
            .StartAsync(bars =>
            {
                var bar = bars.AddTask(Markup.Escape(reached().Text));
                return work(Every(betweenFrames, () => Draw(bar, reached())));
            });
    }

    static void Draw(ProgressTask bar, Reached now)
    {
        bar.IsIndeterminate = now.All is null;
        bar.MaxValue = Math.Max(1, now.All ?? now.Done);
        bar.Value = now.Done;
        bar.Description = Markup.Escape(now.Text);
    }

    static string LineOf(Reached now) =>
        now.All is > 0 and { } all ? $"{(double)now.Done / all:0%} {now.Text}" : now.Text;

    static Action Every(TimeSpan interval, Action show)
    {
        var last = Stopwatch.GetTimestamp();
        return () =>
        {
            if (Stopwatch.GetElapsedTime(last) >= interval)
            {
                last = Stopwatch.GetTimestamp();
                show();
            }
        };
    }
}
