namespace Blog.Fault.Tests.Stage;

/// <summary>The scene that faults share, opened when the first asks for it.</summary>
sealed class Scenes : IAsyncDisposable
{
    Scene? shared;

    /// <summary>A service of 16 connections on a PostgreSQL of 40.</summary>
    public async Task<Scene> SharedAsync() => shared ??= await Scene.OpenAsync(settings: ["max_connections=40"]);

    /// <summary>After a fault that was not mended: the next one begins anew.</summary>
    public async Task CloseAsync()
    {
        if (shared is not null)
            await shared.DisposeAsync();
        shared = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();
}
