using Blog.Api.Users;
using Blog.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Blog.Api.Tests.Users;

/// <summary>How many streams run at once, and what becomes of those whose clients take their time.</summary>
public sealed class StreamPlaceTests(PostgresServer server)
{
    const string Busy =
        """503 {"type":"/problems/overloaded","title":"Service Unavailable","status":503,"detail":"As many streams run as may run at once","instance":"/export/users","code":"overloaded","request_id":"test"}""";

    [Fact]
    public async Task One_stream_too_many_is_sent_away_at_once_and_admitted_when_another_has_ended()
    {
        await using var api = await BlogApi.StartAsync(server, settings: (StreamPlaces.Setting, "2"));
        // They wait for as long as the test takes.
        api.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinRequestBodyDataRate = null;
        await using var first = await BeginImportAsync(api);
        await using var second = await BeginImportAsync(api);
        var places = api.Services.GetRequiredService<StreamPlaces>();
        await Eventually.HoldsAsync(() => places.Free == 0, "both places taken");

        var tooMany = await api.GetAsync("/export/users");
        var other = await api.GetAsync("/users");

        Assert.Equal(Busy, tooMany.Outcome);
        Assert.Equal("1", tooMany["Retry-After"]);
        Assert.Equal(200, other.Status);

        await first.SendAsync("0\r\n\r\n");
        Assert.Equal(200, (await first.ReadAsync()).Status);
        await Eventually.HoldsAsync(async () => (await api.GetAsync("/export/users")).Status == 200, "a place free");
        // The place of an export that has ended is free again too.
        await Eventually.HoldsAsync(async () => (await api.GetAsync("/export/users")).Status == 200, "a place free");
        await second.SendAsync("0\r\n\r\n");
        Assert.Equal(200, (await second.ReadAsync()).Status);
    }

    [Fact]
    public async Task Whoever_does_not_take_its_answer_loses_it_and_the_connection_to_the_database_is_free()
    {
        await using var api = await BlogApi.StartAsync(server, settings: (StreamPlaces.Setting, "1"));
        // As ever, but faster: a buffer of 64 KiB may be taken within five minutes at 240 bytes a second.
        var limits = api.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        limits.MinResponseDataRate = new(bytesPerSecond: 10_000_000, gracePeriod: TimeSpan.FromSeconds(1.5));
        // More than the buffers between the two hold.
        await api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 1, 'T', repeat('a', 1000000) from generate_series(1, 40);
            """
        );
        await using var slow = await RawConnection.OpenAsync(api.Address);

        await slow.SendAsync("GET /export/users HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(async () => await CountExportsAsync(api) == "1", "the export runs");
        Assert.Equal(503, (await api.GetAsync("/export/users?after_id=1")).Status);

        await Eventually.HoldsAsync(async () => await CountExportsAsync(api) == "0", "the export ended", seconds: 30);
        await Eventually.HoldsAsync(
            async () => (await api.GetAsync("/export/users?after_id=1")).Status == 200,
            "a place free"
        );
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData("1", 1)]
    [InlineData("1000", 1000)]
    [InlineData("0", null)]
    [InlineData("1001", null)]
    [InlineData("four", null)]
    public void The_setting_is_a_whole_number(string? setting, int? expected)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(StreamPlaces.Setting, setting)]).Build();

        Assert.Equal(expected, StreamPlaces.Read(settings));
        Assert.Equal(
            expected is null ? $"Limits__Streams is a whole number from 1 to 1000, not \"{setting}\"." : null,
            StreamPlaces.FaultOf(settings)
        );
    }

    static async Task<string> CountExportsAsync(BlogApi api) =>
        (
            await api.Database.ListAsync(
                "select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle' and query like '/* users/export_users%'"
            )
        ).Single();

    /// <summary>An import whose end does not come.</summary>
    static async Task<RawConnection> BeginImportAsync(BlogApi api)
    {
        var connection = await RawConnection.OpenAsync(api.Address);
        await connection.SendAsync(
            "POST /import/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n"
        );
        return connection;
    }
}
