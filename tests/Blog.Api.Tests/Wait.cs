namespace Blog.Api.Tests;

/// <summary>Waits for something that will be so, and fails when it is not within half a minute.</summary>
static class Wait
{
    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await isSo())
        {
            Assert.True(DateTime.UtcNow < deadline, "It was not so within 30 seconds.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
