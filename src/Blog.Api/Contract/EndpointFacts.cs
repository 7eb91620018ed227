using System.Reflection;
using Blog.Api.Access;
using Blog.Api.Lists;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Api.Users;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Blog.Api.Contract;

/// <summary>What an endpoint says of itself, in its metadata and the parameters of its handler, and what follows from that.</summary>
sealed class EndpointFacts(ApiDescription description)
{
    static readonly Problem[] none = [];

    static readonly Problem[] problemsOfAccess = [KnownProblems.Unauthenticated, KnownProblems.Forbidden];

    static readonly Problem[] problemsOfBodies =
    [
        KnownProblems.MalformedJson,
        KnownProblems.RequestTimeout,
        KnownProblems.PayloadTooLarge,
        KnownProblems.UnsupportedMediaType,
        KnownProblems.ValidationFailed,
    ];

    static readonly Problem[] problemsOfReferences = [KnownProblems.InvalidParameter, KnownProblems.InvalidReference];

    static readonly Problem[] problemsOfTheDatabase =
    [
        KnownProblems.DatabaseUnavailable,
        KnownProblems.Overloaded,
        KnownProblems.StorageFull,
        KnownProblems.NotReady,
        KnownProblems.DeadlineExceeded,
    ];

    readonly IList<object> metadata = description.ActionDescriptor.EndpointMetadata;

    /// <summary>The operation's name; null where the endpoint has none.</summary>
    public string? Name => metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName;

    /// <summary>What it can answer with.</summary>
    public IReadOnlyList<string> MediaTypes =>
        metadata.OfType<OfferedTypes>().LastOrDefault()?.MediaTypes ?? [RequestChecks.Json];

    /// <summary>The type of a body that it reads by hand; null where it reads none, or one with a shape.</summary>
    public string? SentType => metadata.OfType<HandReadBody>().LastOrDefault()?.MediaType;

    /// <summary>What it asks of the database is not known when the headers are sent.</summary>
    public bool IsStream => MediaTypes.Contains(StreamRoutes.Ndjson, StringComparer.Ordinal);

    /// <summary>Parameters of the query that the handler does not show in its own parameters.</summary>
    public IEnumerable<string> QueryParameters => metadata.OfType<QueryParameters>().SelectMany(query => query.Names);

    /// <summary>Members may be left out of what it shows, and others asked for.</summary>
    public bool ShowsView =>
        ParametersOfHandler.Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(View<>));

    /// <summary>The request headers that it heeds.</summary>
    public IEnumerable<string> RequestHeaders =>
        [
            .. TakesConditions ? [IsRead ? "If-None-Match" : "If-Match"] : (string[])[],
            .. TakesKey ? [IdempotencyKey.Header] : (string[])[],
            "Prefer",
            "X-Request-Id",
        ];

    /// <summary>The right that it needs where the operator has callers sign in; null where it is open to everybody.</summary>
    public string? Scope => metadata.OfType<RequiredScope>().Last().Scope;

    /// <summary>What it may ask of the database; null where that depends on the length of what is sent.</summary>
    public SqlBudget? Budget => metadata.OfType<SqlBudget>().LastOrDefault();

    /// <summary>The files of the catalogue that it may send; empty where it asks the database nothing.</summary>
    public IEnumerable<string> Queries =>
        [
            .. TakesKey ? [IdempotencyKey.ClaimQuery] : (string[])[],
            .. metadata.OfType<SqlFiles>().SelectMany(files => files.Queries),
            .. TakesKey ? [IdempotencyKey.AnswerQuery] : (string[])[],
        ];

    /// <summary>Every kind of error that it can answer with, in the order of <see cref="KnownProblems.All"/>.</summary>
    public IEnumerable<Problem> Problems
    {
        get
        {
            IEnumerable<Problem> problems =
            [
                KnownProblems.InvalidPreference,
                KnownProblems.MethodNotAllowed,
                KnownProblems.NotAcceptable,
                KnownProblems.InternalError,
                .. Scope is null ? none : problemsOfAccess,
                .. IsUnlimited ? none : [KnownProblems.QuotaExceeded],
                .. TakesCaller ? [KnownProblems.NotOwner] : none,
                .. TakesBody || SentType is not null ? problemsOfBodies : [],
                .. QueryParameters.Any() ? [KnownProblems.InvalidParameter] : none,
                .. metadata.OfType<Reference>().SelectMany(_ => problemsOfReferences),
                .. TakesConditions || !IsRead ? [KnownProblems.InvalidHeader] : none,
                .. TakesKey ? [KnownProblems.IdempotencyInProgress, KnownProblems.IdempotencyKeyReused] : none,
                .. TakesConditions && !IsRead ? [KnownProblems.PreconditionFailed] : none,
                .. metadata.OfType<RequiresIfMatch>().Select(_ => KnownProblems.PreconditionRequired),
                .. TakesId ? [KnownProblems.ValidationFailed] : none,
                .. metadata.OfType<AbsentRow>().Where(_ => TakesId).Select(row => row.Problem),
                .. Takes("tag_id") ? [KnownProblems.TagNotFound] : none,
                .. AsksDatabase ? problemsOfTheDatabase : [],
                .. AsksDatabase && !IsRead ? [KnownProblems.WriteConflict, KnownProblems.OutcomeUnknown] : none,
                .. metadata.OfType<PossibleProblems>().SelectMany(possible => possible.Problems),
            ];
            var codes = problems.Select(problem => problem.Code).ToHashSet(StringComparer.Ordinal);
            return KnownProblems.All.Values.Where(known => codes.Contains(known.Code));
        }
    }

    bool IsUnlimited => metadata.OfType<Unlimited>().Any();

    bool IsRead => HttpMethods.IsGet(description.HttpMethod!);

    bool TakesBody => metadata.OfType<IAcceptsMetadata>().Any();

    bool TakesId => Takes("id");

    bool TakesKey => metadata.OfType<TakesIdempotencyKey>().Any();

    bool TakesConditions => ParametersOfHandler.Contains(typeof(Conditions));

    /// <summary>It writes what belongs to somebody, and so asks who the caller is.</summary>
    bool TakesCaller => ParametersOfHandler.Contains(typeof(Caller));

    IEnumerable<Type> ParametersOfHandler =>
        metadata
            .OfType<MethodInfo>()
            .SelectMany(handler => handler.GetParameters())
            .Select(parameter => parameter.ParameterType);

    bool AsksDatabase => Queries.Any();

    bool Takes(string parameter) => description.ParameterDescriptions.Any(described => described.Name == parameter);

    /// <summary>The headers of a success, besides those of every answer.</summary>
    public IEnumerable<string> HeadersOf(int status)
    {
        var showsVersion = TakesConditions && !HttpMethods.IsDelete(description.HttpMethod!);
        string[] due = status switch
        {
            StatusCodes.Status201Created => ["ETag", "Location"],
            StatusCodes.Status304NotModified => ["ETag"],
            _ => showsVersion ? ["ETag"] : [],
        };
        return due.Concat(TakesKey ? [Answered.Replayed] : [])
            .Union(
                metadata.OfType<SentHeaders>().Where(sent => sent.Status == status).SelectMany(sent => sent.Names),
                StringComparer.Ordinal
            );
    }
}

/// <summary>Errors that an operation answers with beyond those that its other metadata tell.</summary>
sealed record PossibleProblems(params Problem[] Problems);

/// <summary>Parameters of the query that are read by hand; their words are in <see cref="ContractTexts"/>.</summary>
sealed record QueryParameters(params string[] Names);

/// <summary>A body that is read by hand.</summary>
sealed record HandReadBody(string MediaType);

static class ContractMetadata
{
    /// <summary>Names the type of a body that the operation reads by hand.</summary>
    public static TBuilder WithBody<TBuilder>(this TBuilder builder, string mediaType)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new HandReadBody(mediaType));

    /// <summary>Names errors that the operation itself answers with.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder builder, params Problem[] problems)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new PossibleProblems(problems));

    /// <summary>Names parameters of the query that the operation reads by hand.</summary>
    public static TBuilder WithQuery<TBuilder>(this TBuilder builder, params string[] names)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new QueryParameters(names));
}
