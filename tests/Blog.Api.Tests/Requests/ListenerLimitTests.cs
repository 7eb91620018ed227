using System.Diagnostics;

namespace Blog.Api.Tests.Requests;

/// <summary>What is ended before it is a request; the next one on another connection is answered as ever.</summary>
public sealed class ListenerLimitTests(BlogApi api) : ApiTest(api)
{
    [Theory]
    [InlineData(50, 200)]
    [InlineData(51, 431)]
    public Task A_request_has_at_most_50_headers(int count, int status) =>
        CheckAsync(
            status,
            "GET /livez HTTP/1.1\r\n"
                + string.Concat(Enumerable.Range(1, count - 1).Select(number => $"X-{number}: a\r\n"))
                + "Host: a\r\n\r\n"
        );

    [Theory]
    [InlineData(16 * 1024, 200)]
    [InlineData((16 * 1024) + 1, 431)]
    public Task Headers_have_at_most_16_KiB(int bytes, int status)
    {
        const string start = "Host: a\r\nX-A: ";
        // The line end of the last header counts, the empty line after it does not.
        return CheckAsync(
            status,
            "GET /livez HTTP/1.1\r\n" + start + new string('a', bytes - start.Length - 2) + "\r\n\r\n"
        );
    }

    [Theory]
    [InlineData(8 * 1024, 200)]
    [InlineData((8 * 1024) + 1, 414)]
    public Task A_request_line_has_at_most_8_KiB(int bytes, int status)
    {
        const string start = "GET /livez?a=";
        const string end = " HTTP/1.1\r\n";
        return CheckAsync(status, start + new string('a', bytes - start.Length - end.Length) + end + "Host: a\r\n\r\n");
    }

    [Fact]
    public async Task Headers_that_do_not_end_are_waited_for_10_seconds()
    {
        await using var slow = await RawConnection.OpenAsync(Api.Address);
        var since = Stopwatch.GetTimestamp();

        await slow.SendAsync("GET /livez HTTP/1.1\r\nHost: a\r\nX-A: a");
        var answer = await slow.ReadAsync();

        Assert.Equal((408, ""), (answer.Status, answer.Body));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 9, 30);
        Assert.Equal(200, (await Api.GetAsync("/livez")).Status);
    }

    async Task CheckAsync(int status, string request)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);

        await connection.SendAsync(request);
        var answer = await connection.ReadAsync();

        Assert.Equal(status, answer.Status);
        if (status >= 400)
            Assert.Equal("", answer.Body);
        Assert.Equal(200, (await Api.GetAsync("/livez")).Status);
    }
}
