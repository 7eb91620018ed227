using System.Text;
using Blog.Api.Health;
using Blog.Api.Responses;
using Blog.Data.Idempotency;
using Microsoft.AspNetCore.Http;

namespace Blog.Api.Tests.Responses;

/// <summary>A write whose commit returns at the moment of its deadline is done, and is not told to have failed.</summary>
public sealed class LateAnswerTests
{
    [Fact]
    public async Task What_is_stored_under_a_key_is_sent_after_the_deadline()
    {
        using var sent = new MemoryStream();
        var stored = new StoredAnswer(201, new Dictionary<string, string>(StringComparer.Ordinal), "{}"u8.ToArray());

        await new Answered(stored).ExecuteAsync(Late(sent));

        Assert.Equal("{}", Encoding.UTF8.GetString(sent.ToArray()));
    }

    [Fact]
    public async Task So_is_what_an_operation_returns()
    {
        using var sent = new MemoryStream();

        await Late(sent).Response.WriteJsonAsync(new HealthState("alive"));

        Assert.Equal("""{"status":"alive"}""", Encoding.UTF8.GetString(sent.ToArray()));
    }

    static DefaultHttpContext Late(MemoryStream sent) =>
        new() { RequestAborted = new(canceled: true), Response = { Body = sent } };
}
