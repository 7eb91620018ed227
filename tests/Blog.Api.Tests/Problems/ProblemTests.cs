using System.Text.Json;
using Blog.Api.Problems;

namespace Blog.Api.Tests.Problems;

public sealed class ProblemTests(BlogApi api) : ApiTest(api)
{
    public static TheoryData<string> Codes =>
        [
            "malformed_json",
            "invalid_parameter",
            "unknown_parameter",
            "unsupported_filter_combination",
            "invalid_cursor",
            "cursor_mismatch",
            "invalid_header",
            "invalid_preference",
            "unauthenticated",
            "forbidden",
            "not_owner",
            "user_not_found",
            "profile_not_found",
            "post_not_found",
            "tag_not_found",
            "route_not_found",
            "method_not_allowed",
            "not_acceptable",
            "request_timeout",
            "tag_name_taken",
            "write_conflict",
            "idempotency_in_progress",
            "precondition_failed",
            "payload_too_large",
            "unsupported_media_type",
            "validation_failed",
            "invalid_reference",
            "idempotency_key_reused",
            "precondition_required",
            "quota_exceeded",
            "internal_error",
            "database_unavailable",
            "outcome_unknown",
            "overloaded",
            "storage_full",
            "not_ready",
            "deadline_exceeded",
        ];

    [Fact]
    public void A_folder_for_temporary_files_that_is_full_is_storage_that_is()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.Write, bufferSize: 0);

        var failure = Assert.Throws<IOException>(() => full.WriteByte(1));

        Assert.Equal(("storage_full", 503), (ProblemHandler.Of(failure).Code, ProblemHandler.Of(failure).Status));
    }

    [Theory, MemberData(nameof(Codes))]
    public async Task Every_code_has_a_page_that_says_what_to_do(string code)
    {
        var answer = await Api.GetAsync($"/problems/{code}");

        Assert.Equal(200, answer.Status);
        using var page = JsonDocument.Parse(answer.Body);
        Assert.Equal(
            ["code", "status", "detail", "remedy"],
            page.RootElement.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(code, page.RootElement.GetProperty("code").GetString());
        Assert.All(
            ["detail", "remedy"],
            name => Assert.True(page.RootElement.GetProperty(name).GetString()!.Length > 10)
        );
    }

    [Fact]
    public void These_are_all_the_codes() => Assert.Equal(Codes.Select(row => row.Data), KnownProblems.All.Keys);

    [Fact]
    public async Task A_page_reads_like_this() =>
        Assert.Equal(
            """200 {"code":"user_not_found","status":404,"detail":"User not found","remedy":"Check the id; the user may have been deleted."}""",
            (await Api.GetAsync("/problems/user_not_found")).Outcome
        );

    [Theory]
    [InlineData("no_such_code")]
    [InlineData("USER_NOT_FOUND")]
    [InlineData("%20")]
    public async Task Another_code_has_none(string code) =>
        Assert.Equal(
            NotFound("route_not_found", "Nothing is at this path", $"/problems/{code}"),
            (await Api.GetAsync($"/problems/{code}")).Outcome
        );

    [Theory]
    [InlineData("GET", "/users/9")]
    [InlineData("GET", "/users/x")]
    [InlineData("GET", "/nowhere")]
    [InlineData("PUT", "/users")]
    [InlineData("POST", "/users")]
    public async Task The_type_of_an_error_is_a_path_on_this_service(string method, string path)
    {
        var error = await Api.SendAsync(method, path, method == "GET" ? null : "{");
        using var document = JsonDocument.Parse(error.Body);

        var page = await Api.GetAsync(document.RootElement.GetProperty("type").GetString()!);

        Assert.Equal(200, page.Status);
        Assert.Contains(
            $"\"code\":{document.RootElement.GetProperty("code").GetRawText()}",
            page.Body,
            StringComparison.Ordinal
        );
        Assert.Contains($"\"status\":{error.Status}", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_instance_is_the_path_as_it_was_sent() =>
        Assert.Equal(
            NotFound("route_not_found", "Nothing is at this path", "/no%20%C3%A9/%22"),
            (await Api.GetAsync("/no%20%C3%A9/%22?colour=blue")).Outcome
        );
}
