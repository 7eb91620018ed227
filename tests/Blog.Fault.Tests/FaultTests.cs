using Blog.Fault.Tests.Faults;
using Blog.Fault.Tests.Stage;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Blog.Fault.Tests;

/// <summary>The faults that take a few seconds, on one PostgreSQL and one service; the others are for the command.</summary>
public sealed class FaultTests(FaultTests.SharedScenes shared) : IClassFixture<FaultTests.SharedScenes>
{
    public static TheoryData<string> Short =>
        [.. KnownFaults.All.Where(fault => fault.Length == Length.Short).Select(fault => fault.Id)];

    [Theory]
    [MemberData(nameof(Short))]
    public async Task What_is_promised_holds(string id)
    {
        var result = await FaultResult.OfAsync(
            KnownFaults.All.Single(fault => fault.Id == id),
            shared.Scenes,
            isThorough: false,
            // Shown where it fails: what the log of the service has on an answer that nobody was promised.
            line => TestContext.Current.TestOutputHelper?.WriteLine(line)
        );

        TestContext.Current.TestOutputHelper?.WriteLine($"{result.Measured} ({result.Seconds:0.0} s)");
        Assert.Empty(result.Broken);
    }

    public sealed class SharedScenes : IAsyncLifetime
    {
        internal Scenes Scenes { get; } = new();

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => Scenes.DisposeAsync();
    }
}
