using System.Globalization;
using Blog.Bench.Requests;
using Blog.Bench.Stage;

namespace Blog.Bench.Growth;

/// <summary>A database of one size with the service on it.</summary>
/// <param name="Size">Posts.</param>
/// <param name="Server">That holds them.</param>
/// <param name="Contents">What there is to ask for.</param>
/// <param name="Field">The service alone.</param>
sealed record GrowthPlace(long Size, FilledServer Server, Contents Contents, Field Field) : IAsyncDisposable
{
    public static async Task<GrowthPlace> StartAsync(
        BenchOptions options,
        long size,
        IReadOnlyList<string> command,
        CancellationToken cancellationToken
    )
    {
        var server = await FilledServer.StartAsync(options.Data, size, cancellationToken);
        try
        {
            var contents = await Contents.ReadAsync(server, cancellationToken);
            var logs = Directory
                .CreateDirectory(Path.Combine(options.Scratch, size.ToString(CultureInfo.InvariantCulture)))
                .FullName;
            var field = await Field.StartAsync(
                [(Contestant.Ours, command)],
                server.ConnectionString("blog_app"),
                logs,
                contents.Users[0],
                cancellationToken
            );
            return new(size, server, contents, field);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Field.DisposeAsync();
        await Server.DisposeAsync();
    }
}
