using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;
using Blog.Api.Access;
using Blog.Api.Contract;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Export;
using Blog.Data.Import;
using Blog.Data.Input;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Blog.Api.Users;

/// <summary>What became of one line of an import: <c>{"line","status","id"}</c> or <c>{"line","status","problem"}</c>.</summary>
sealed record LineAnswer(
    long Line,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LineProblem? Problem
);

/// <summary>How much a stream may carry; configuration section <c>Limits</c>.</summary>
public sealed record StreamLimits
{
    const long SecondsOfADay = 86_400;
    const long Tebibyte = 1L << 40;

    /// <summary>Bytes of one import; 4 GiB where nothing else is configured.</summary>
    public long ImportBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Seconds of one import or export; an hour where nothing else is configured.</summary>
    public int StreamSeconds { get; init; } = 3600;

    /// <summary>What is wrong with the settings, in a sentence; null where nothing is.</summary>
    internal static string? FaultOf(IConfiguration configuration) =>
        WholeNumber.FaultOf(configuration, "Limits:StreamSeconds", SecondsOfADay)
        ?? WholeNumber.FaultOf(configuration, "Limits:ImportBytes", Tebibyte);
}

/// <summary>Why a line was not stored.</summary>
sealed record LineProblem(
    string Type,
    string Code,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<InputError>? Errors
)
{
    public static LineProblem Of(Problem problem) =>
        new($"/problems/{problem.Code}", problem.Code, problem.Detail, null);
}

/// <summary>Users as streams of NDJSON, in constant memory and with backpressure, in both directions.</summary>
static class StreamRoutes
{
    public const string Ndjson = "application/x-ndjson";

    public static void MapStreams(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/import/users", ImportUsers)
            .WithName(nameof(ImportUsers))
            .RequireScope(Scopes.Admin)
            .WithTags("streams")
            .WithQuery("mode")
            .WithBody(Ndjson)
            .WithMediaType(Ndjson)
            .WithDeadline(TimeOf)
            .AddEndpointFilter(StreamPlaces.TakeAsync)
            .WithSql("tags/find_or_create_tags", "users/reserve_ids", "users/create_users");
        routes
            .MapGet("/export/users", ExportUsers)
            .WithName(nameof(ExportUsers))
            .RequireScope(Scopes.Admin)
            .WithTags("streams")
            .WithQuery("after_id")
            .WithMediaType(Ndjson)
            .WithDeadline(TimeOf)
            .AddEndpointFilter(StreamPlaces.TakeAsync)
            .WithSql("users/export_users");
    }

    static TimeSpan TimeOf(HttpContext context) =>
        TimeSpan.FromSeconds(context.RequestServices.GetRequiredService<IOptions<StreamLimits>>().Value.StreamSeconds);

    static async Task<Results<EmptyHttpResult, Problem>> ExportUsers(
        HttpContext context,
        UserExport export,
        CancellationToken ct
    )
    {
        var after = context.Request.Query["after_id"];
        var afterId = 0L;
        if (
            after.Count > 0
            && (
                after.Count > 1
                || !long.TryParse(after[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out afterId)
            )
        )
        {
            return KnownProblems.InvalidParameter with
            {
                Errors =
                [
                    new(InputCodes.InvalidFormat, "One id, a whole number, belongs here.") { Parameter = "after_id" },
                ],
            };
        }

        context.Response.ContentType = Ndjson;
        try
        {
            await export.ExportUsersAsync(context.Response.BodyWriter, afterId, null, ct);
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            // The status is sent: a connection that breaks off, without the last line, is how the client learns of it.
            context.Abort();
            throw;
        }

        return TypedResults.Empty;
    }

    static async Task<Results<EmptyHttpResult, Problem>> ImportUsers(
        HttpContext context,
        Preferences preferences,
        UserImport import,
        IOptions<StreamLimits> limits,
        CancellationToken ct
    )
    {
        var mode = context.Request.Query["mode"];
        if (mode is not ([] or ["atomic"] or ["lines"]))
        {
            return KnownProblems.InvalidParameter with
            {
                Errors = [new(InputCodes.InvalidFormat, "atomic or lines belongs here.") { Parameter = "mode" }],
            };
        }

        if (!BodyType.IsOneOf(context.Request, Ndjson))
        {
            return KnownProblems.UnsupportedMediaType with
            {
                Detail = $"An import is {Ndjson} in UTF-8, without a content coding",
            };
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = limits
            .Value
            .ImportBytes;
        var options = new ImportOptions
        {
            Mode = mode is ["lines"] ? ImportMode.Lines : ImportMode.Atomic,
            RefuseUnknownMembers = preferences.IsStrict,
        };
        var outcomes = import.ImportUsersAsync(context.Request.Body, options, ct);
        try
        {
            return options.Mode == ImportMode.Lines
                ? await AnswerEachLineAsync(context.Response, outcomes, limits.Value, ct)
                : await AnswerAllOrNothingAsync(context.Response, outcomes, ct);
        }
        catch (BadHttpRequestException failure) when (IsTooLarge(failure) && !context.Response.HasStarted)
        {
            return ProblemOf(failure, limits.Value);
        }
    }

    /// <summary>What a client is told of an exception; the limit of an import is not the one of every other body.</summary>
    static Problem ProblemOf(Exception failure, StreamLimits limits) =>
        IsTooLarge(failure)
            ? KnownProblems.PayloadTooLarge with
            {
                Detail = $"The import is larger than {limits.ImportBytes} bytes",
            }
            : ProblemHandler.Of(failure);

    static bool IsTooLarge(Exception failure) =>
        failure is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge };

    /// <summary>A line of the answer after the commit of each line; a failure in the middle is the last of them.</summary>
    static async Task<Results<EmptyHttpResult, Problem>> AnswerEachLineAsync(
        HttpResponse response,
        IAsyncEnumerable<LineOutcome> outcomes,
        StreamLimits limits,
        CancellationToken ct
    )
    {
        response.ContentType = Ndjson;
        var last = 0L;
        try
        {
            await foreach (var outcome in outcomes.WithCancellation(ct))
            {
                await WriteAsync(response.BodyWriter, AnswerOf(outcome), ct);
                last = outcome.Line;
            }
        }
        catch (Exception failure) when (response.HasStarted && !ct.IsCancellationRequested)
        {
            var line = failure is ImportStoppedException stopped ? stopped.FirstLine : last + 1;
            var problem = ProblemOf(failure, limits);
            await WriteAsync(response.BodyWriter, new(line, problem.Status, null, LineProblem.Of(problem)), ct);
        }

        return TypedResults.Empty;
    }

    /// <summary>The answers where all is stored, else one problem with what is wrong with every line.</summary>
    static async Task<Results<EmptyHttpResult, Problem>> AnswerAllOrNothingAsync(
        HttpResponse response,
        IAsyncEnumerable<LineOutcome> outcomes,
        CancellationToken ct
    )
    {
        var errors = new List<InputError>();
        var violations = 0L;
        await foreach (var outcome in outcomes.WithCancellation(ct))
        {
            if (outcome is not LineRejected rejected)
            {
                if (!response.HasStarted)
                {
                    response.ContentType = Ndjson;
                }

                await WriteAsync(response.BodyWriter, AnswerOf(outcome), ct);
                continue;
            }

            violations += rejected.Violations;
            IEnumerable<InputError> found =
                rejected.Errors.Count > 0 ? rejected.Errors : [new(rejected.Code, rejected.Detail) { Pointer = "#" }];
            errors.AddRange(
                found.Take(Limits.Errors - errors.Count).Select(error => error with { Line = rejected.Line })
            );
        }

        if (violations > 0)
        {
            return KnownProblems.ValidationFailed with
            {
                Detail =
                    violations == errors.Count
                        ? "Lines break rules; nothing was stored"
                        : $"Lines break rules in {violations} places, of which the first {errors.Count} are named; nothing was stored",
                Errors = errors,
            };
        }

        if (!response.HasStarted)
        {
            // Nobody was in it.
            response.ContentType = Ndjson;
        }

        return TypedResults.Empty;
    }

    static LineAnswer AnswerOf(LineOutcome outcome) =>
        outcome switch
        {
            LineCreated created => new(created.Line, created.Status, created.Id, null),
            LineRejected rejected => new(
                rejected.Line,
                rejected.Status,
                null,
                new(
                    $"/problems/{rejected.Code}",
                    rejected.Code,
                    rejected.Detail,
                    rejected.Errors is [] ? null : rejected.Errors
                )
            ),
            _ => new(outcome.Line, outcome.Status, null, null),
        };

    static async Task WriteAsync(PipeWriter output, LineAnswer answer, CancellationToken ct)
    {
        output.Write(JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Settings));
        output.Write("\n"u8);
        await output.FlushAsync(ct);
    }
}
