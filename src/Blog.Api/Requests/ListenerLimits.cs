using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Blog.Api.Requests;

/// <summary>
/// What a client may send and how slowly, before a request is one. What is over these is ended from below, with a status and without a body: 408, 414, 431.
/// A body that arrives, or an answer that is taken, with less than 240 bytes a second for 5 seconds is ended too, with its connection.
/// </summary>
static class ListenerLimits
{
    const long BodyBytes = 4 * 1024 * 1024;
    const int HeaderBytes = 16 * 1024;
    const int HeaderCount = 50;
    const int LineBytes = 8 * 1024;
    const int Connections = 2000;

    static readonly TimeSpan headersWithin = TimeSpan.FromSeconds(10);
    static readonly TimeSpan keptIdle = TimeSpan.FromSeconds(60);

    static readonly MinDataRate slowest = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = BodyBytes;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = HeaderCount;
        limits.MaxRequestLineSize = LineBytes;
        limits.MaxConcurrentConnections = Connections;
        limits.RequestHeadersTimeout = headersWithin;
        limits.KeepAliveTimeout = keptIdle;
        limits.MinRequestBodyDataRate = slowest;
        limits.MinResponseDataRate = slowest;
    }
}
