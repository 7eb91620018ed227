using System.Diagnostics;
using Blog.Api.Requests;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Blog.Api.Tests.Requests;

/// <summary>Bodies that do not come, or do not end: bounded, and nothing of them is stored.</summary>
public sealed class SlowClientTests(BlogApi api) : ApiTest(api)
{
    const string Start = "POST /users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

    [Theory]
    // A length that lies: the rest never comes.
    [InlineData("Content-Length: 1000\r\n\r\n{\"name\":\"A\"}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"A\"}\r\n")]
    public async Task A_body_that_stops_is_not_waited_for(string rest)
    {
        // As ever, but sooner: Kestrel looks once a second.
        var limits = Api.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(1.5));
        await using var slow = await RawConnection.OpenAsync(Api.Address);
        var since = Stopwatch.GetTimestamp();

        await slow.SendAsync(Start + "X-Request-Id: test\r\n" + rest);
        var answer = await slow.ReadAsync();

        Assert.Equal(
            """408 {"type":"/problems/request_timeout","title":"Request Timeout","status":408,"detail":"The body came too slowly","instance":"/users","code":"request_timeout","request_id":"test"}""",
            answer.Outcome
        );
        AlwaysHeaders.Check(answer, "POST /users");
        await Assert.ThrowsAnyAsync<IOException>(() => slow.ReadAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 1, 30);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
        Assert.Equal(200, (await Api.GetAsync("/livez")).Status);
    }

    [Fact]
    public async Task What_comes_behind_the_length_that_was_said_is_no_part_of_the_body()
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);

        await connection.SendAsync(Start + "Content-Length: 12\r\n\r\n{\"name\":\"A\"},\"bio\":\"b\"}\r\n\r\n");
        var created = await connection.ReadAsync();
        var rest = await connection.ReadAsync();

        Assert.Equal("""201 {"name":"A","id":2,"profile":null,"posts":[]}""", created.Outcome);
        Assert.Equal((400, ""), (rest.Status, rest.Body));
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Beside_chunks_a_length_counts_for_nothing_and_nothing_comes_behind_on_the_connection()
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);

        await connection.SendAsync(
            Start
                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"A\"}\r\n0\r\n\r\nDELETE /users/1 HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        var answer = await connection.ReadAsync();

        Assert.Equal(
            ("""201 {"name":"A","id":2,"profile":null,"posts":[]}""", "close"),
            (answer.Outcome, answer["Connection"])
        );
        await Assert.ThrowsAnyAsync<IOException>(() => connection.ReadAsync());
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("Content-Length: 12\r\nContent-Length: 5\r\n\r\n{\"name\":\"A\"}")]
    [InlineData("Content-Length: -12\r\n\r\n{\"name\":\"A\"}")]
    [InlineData("Transfer-Encoding: chunked, gzip\r\n\r\nc\r\n{\"name\":\"A\"}\r\n0\r\n\r\n")]
    public async Task A_length_that_can_be_read_two_ways_is_refused(string rest)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);

        await connection.SendAsync(Start + rest);
        var answer = await connection.ReadAsync();

        Assert.Equal((400, ""), (answer.Status, answer.Body));
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public void The_slowest_that_is_waited_for_is_240_bytes_a_second_both_ways()
    {
        var kestrel = new KestrelServerOptions();

        ListenerLimits.Set(kestrel);

        foreach (
            var rate in (MinDataRate?[])[kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate]
        )
            Assert.Equal((240, TimeSpan.FromSeconds(5)), (rate!.BytesPerSecond, rate.GracePeriod));
    }
}
