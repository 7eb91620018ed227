using Blog.Testing;

namespace Blog.Fault.Tests.Stage;

/// <summary>A PostgreSQL, the service as a process, and the wire between them.</summary>
sealed class Scene : IAsyncDisposable
{
    readonly string options;
    ServiceProcess? service;

    Scene(BlogCluster cluster, Wire wire, string options)
    {
        Cluster = cluster;
        Wire = wire;
        this.options = options;
    }

    public BlogCluster Cluster { get; }

    public Wire Wire { get; }

    public ServiceProcess Service => service ?? throw new InvalidOperationException("The service does not run.");

    /// <param name="pool">Connections that the service may have.</param>
    /// <param name="settings">Of PostgreSQL.</param>
    public static async Task<Scene> OpenAsync(int pool = 16, params string[] settings)
    {
        var cluster = await BlogCluster.StartAsync(settings);
        try
        {
            await cluster.MigrateAsync();
            return await OpenAsync(cluster, pool);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <param name="cluster">Migrated; it is disposed with the scene.</param>
    /// <param name="pool">Connections that the service may have.</param>
    public static async Task<Scene> OpenAsync(BlogCluster cluster, int pool)
    {
        var scene = new Scene(
            cluster,
            Wire.InFrontOf(cluster.ConnectionString("blog_app")),
            $";Maximum Pool Size={pool}"
        );
        await scene.StartServiceAsync();
        return scene;
    }

    /// <summary>Starts the service, again where it has been killed, at another address.</summary>
    public async Task StartServiceAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
        service = await StartAnotherAsync();
    }

    /// <summary>One more service on the same database.</summary>
    public Task<ServiceProcess> StartAnotherAsync(string more = "") =>
        ServiceProcess.StartAsync(
            Cluster.ConnectionString("blog_app") + Wire.Options + options + more,
            variables:
            [
                ("Logging__LogLevel__Default", "Warning"),
                ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
            ]
        );

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
        await Wire.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
