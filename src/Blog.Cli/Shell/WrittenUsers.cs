using System.Diagnostics;
using System.Globalization;

namespace Blog.Cli.Shell;

/// <summary>Counts the users that a command writes, while it runs.</summary>
/// <param name="all">How many there will be; null where nobody knows.</param>
sealed class WrittenUsers(long? all)
{
    readonly Stopwatch clock = Stopwatch.StartNew();
    long written;

    public void Reach(long count) => written = count;

    public Reached Reached() => new(written, all, ToString());

    public override string ToString()
    {
        var seconds = clock.Elapsed.TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{written:#,0} users written in {seconds:0.0} s ({written / Math.Max(0.001, seconds):#,0}/s)"
        );
    }
}
