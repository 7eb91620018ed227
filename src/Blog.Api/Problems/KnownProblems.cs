namespace Blog.Api.Problems;

/// <summary>Every kind of error that this service answers with.</summary>
static class KnownProblems
{
    public static readonly Problem MalformedJson = new(
        "malformed_json",
        400,
        "The body is not JSON that is accepted here",
        "Send one JSON object in UTF-8, each member name once, nested at most 16 levels deep."
    );

    public static readonly Problem InvalidParameter = new(
        "invalid_parameter",
        400,
        "A parameter of the query does not have its form",
        "The member errors names the parameter and says what belongs there."
    );

    public static readonly Problem UnknownParameter = new(
        "unknown_parameter",
        400,
        "A parameter of the query is not known here",
        "The member errors names every such parameter, and the nearest one that is known; leave it out, or correct its name."
    );

    public static readonly Problem UnsupportedFilterCombination = new(
        "unsupported_filter_combination",
        400,
        "These filters do not go together here",
        "The detail of the answer names every combination that there is. Each has a statement and an index of its own."
    );

    public static readonly Problem InvalidCursor = new(
        "invalid_cursor",
        400,
        "The cursor is none that was given out here",
        "Send the member next of the page before as it is, or begin with the first page, without a cursor."
    );

    public static readonly Problem CursorMismatch = new(
        "cursor_mismatch",
        400,
        "The cursor belongs to another list or to other filters",
        "Keep the filters while you follow a cursor, only limit may change; or begin with the first page, without a cursor."
    );

    public static readonly Problem InvalidHeader = new(
        "invalid_header",
        400,
        "A header does not have its form",
        "The member errors names the header and says what belongs there."
    );

    public static readonly Problem InvalidPreference = new(
        "invalid_preference",
        400,
        "A preference of the Prefer header is not known here",
        "Leave it out, or leave out handling=strict: without it unknown preferences are ignored."
    );

    public static readonly Problem Unauthenticated = new(
        "unauthenticated",
        401,
        "A token is needed here",
        "Send Authorization: Bearer and a token that counts here. Where one was sent, WWW-Authenticate says what is wrong with it."
    );

    public static readonly Problem Forbidden = new(
        "forbidden",
        403,
        "The token does not have the right that this needs",
        "Ask whoever makes the tokens for one with the scope that WWW-Authenticate names."
    );

    public static readonly Problem NotOwner = new(
        "not_owner",
        403,
        "It belongs to somebody else; nothing was written",
        "Write what is your own: the subject of the token is its user. With the scope blog:admin everything may be written."
    );

    public static readonly Problem UserNotFound = new(
        "user_not_found",
        404,
        "User not found",
        "Check the id; the user may have been deleted."
    );

    public static readonly Problem ProfileNotFound = new(
        "profile_not_found",
        404,
        "Profile not found",
        "The user exists and has no profile; PUT /users/{id}/profile creates one."
    );

    public static readonly Problem PostNotFound = new(
        "post_not_found",
        404,
        "Post not found",
        "Check the id; the post may have been deleted, by itself or with its author."
    );

    public static readonly Problem TagNotFound = new(
        "tag_not_found",
        404,
        "Tag not found",
        "Check the id; the tag may have been deleted, or merged into another one."
    );

    public static readonly Problem RouteNotFound = new(
        "route_not_found",
        404,
        "Nothing is at this path",
        "GET / says where the contract is, which names every path."
    );

    public static readonly Problem MethodNotAllowed = new(
        "method_not_allowed",
        405,
        "This path does not answer that method",
        "The Allow header names the methods that it answers."
    );

    public static readonly Problem NotAcceptable = new(
        "not_acceptable",
        406,
        "Nothing that the Accept header admits is made here",
        "Accept */*, or what the contract names for the path: application/json on most."
    );

    public static readonly Problem RequestTimeout = new(
        "request_timeout",
        408,
        "The body came too slowly",
        "Send the same request again, faster than 240 bytes a second; nothing of it was done."
    );

    public static readonly Problem TagNameTaken = new(
        "tag_name_taken",
        409,
        "Another tag has this name; nothing was written",
        "Choose another name, or merge the two: DELETE the one tag with merge_into and the id in the member existing_id."
    );

    public static readonly Problem WriteConflict = new(
        "write_conflict",
        409,
        "Another write was at the same place at the same moment; nothing was stored",
        "Send the same request again after the seconds of the Retry-After header."
    )
    {
        Passes = true,
    };

    public static readonly Problem IdempotencyInProgress = new(
        "idempotency_in_progress",
        409,
        "A request with this Idempotency-Key is being answered at this moment",
        "Send the same request again after the seconds of the Retry-After header: it gets the answer of the first one."
    )
    {
        Passes = true,
    };

    public static readonly Problem PreconditionFailed = new(
        "precondition_failed",
        412,
        "It has changed since the version that If-Match names; nothing was written",
        "Read it again, decide again, and send the write with the new entity tag: it is in the ETag header of this answer."
    );

    public static readonly Problem PayloadTooLarge = new(
        "payload_too_large",
        413,
        "The body is larger than 4 MiB",
        "Send less at once: a user with fewer posts, then the other posts. An import has a limit of its own, which the detail of the answer names."
    );

    public static readonly Problem UnsupportedMediaType = new(
        "unsupported_media_type",
        415,
        "The Content-Type of the body is not read here",
        "Send application/json in UTF-8, without a content coding; PATCH reads application/merge-patch+json too."
    );

    public static readonly Problem ValidationFailed = new(
        "validation_failed",
        422,
        "What was sent breaks a rule",
        "The member errors names every place, with a code and a text."
    );

    public static readonly Problem InvalidReference = new(
        "invalid_reference",
        422,
        "The row that a parameter names cannot be used; nothing was written",
        "The member errors names the parameter: it takes the id of another row, one that exists."
    );

    public static readonly Problem IdempotencyKeyReused = new(
        "idempotency_key_reused",
        422,
        "Something else was sent with this Idempotency-Key in the last 24 hours; nothing was written",
        "Make a new key for every write, and send it again only with the same body, Content-Type and return preference."
    );

    public static readonly Problem PreconditionRequired = new(
        "precondition_required",
        428,
        "This service takes such a write only with If-Match",
        "Read the resource first and send its ETag as If-Match."
    );

    public static readonly Problem QuotaExceeded = new(
        "quota_exceeded",
        429,
        "More was asked than one client may ask",
        "Send the same request again after the seconds of the Retry-After header. The RateLimit headers of every answer say how much is left; an answer of 304 costs nothing."
    )
    {
        Passes = true,
    };

    public static readonly Problem InternalError = new(
        "internal_error",
        500,
        "Something failed here",
        "Report it with the request_id; the log of the service holds the cause under it."
    );

    public static readonly Problem DatabaseUnavailable = new(
        "database_unavailable",
        503,
        "The database cannot be reached",
        "Send the same request again after the seconds of the Retry-After header."
    );

    public static readonly Problem OutcomeUnknown = new(
        "outcome_unknown",
        503,
        "The connection to the database was lost while this was being stored; it is stored as a whole, or not at all",
        "With an Idempotency-Key send the same request again: it is done at most once. Without one look first whether it was done."
    );

    public static readonly Problem Overloaded = new(
        "overloaded",
        503,
        "There is more to do than can be done",
        "Send the same request again after the seconds of the Retry-After header, and fewer at a time."
    );

    public static readonly Problem StorageFull = new(
        "storage_full",
        503,
        "There is no room to store anything; reading works",
        "Wait for the operator; the Retry-After header says when to look again."
    );

    public static readonly Problem NotReady = new(
        "not_ready",
        503,
        "The service is not ready",
        "Wait for it; the operator finds the reason in the log, and pending migrations with: blog migrate status."
    );

    public static readonly Problem DeadlineExceeded = new(
        "deadline_exceeded",
        504,
        "It took longer than it may",
        "Send the same request again later."
    );

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyDictionary<string, Problem> All { get; } =
        new Problem[]
        {
            MalformedJson,
            InvalidParameter,
            UnknownParameter,
            UnsupportedFilterCombination,
            InvalidCursor,
            CursorMismatch,
            InvalidHeader,
            InvalidPreference,
            Unauthenticated,
            Forbidden,
            NotOwner,
            UserNotFound,
            ProfileNotFound,
            PostNotFound,
            TagNotFound,
            RouteNotFound,
            MethodNotAllowed,
            NotAcceptable,
            RequestTimeout,
            TagNameTaken,
            WriteConflict,
            IdempotencyInProgress,
            PreconditionFailed,
            PayloadTooLarge,
            UnsupportedMediaType,
            ValidationFailed,
            InvalidReference,
            IdempotencyKeyReused,
            PreconditionRequired,
            QuotaExceeded,
            InternalError,
            DatabaseUnavailable,
            OutcomeUnknown,
            Overloaded,
            StorageFull,
            NotReady,
            DeadlineExceeded,
        }.ToDictionary(problem => problem.Code, StringComparer.Ordinal);
}
