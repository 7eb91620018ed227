using System.Text.Json;
using System.Text.Json.Nodes;
using Blog.Api.Problems;
using Blog.Api.Responses;
using Blog.Data.Input;

namespace Blog.Api.Contract;

/// <summary>An example of every shape that is sent or answered, as it goes over the wire.</summary>
static class ContractExamples
{
    public static IReadOnlyDictionary<string, string> OfSchemas { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["UserRead"] = """
                {"name":"Ann","id":1,"profile":{"bio":"Writes.","id":1},"posts":[{"title":"First","content":"Hello.","id":1,"author_id":1,"tags":[{"name":"blue","id":1},{"name":"red","id":2}]}]}
                """,
            ["UserCreate"] = """
                {"name":"Ann","bio":"Writes.","posts":[{"title":"First","content":"Hello.","tag_names":["red","blue"]}]}
                """,
            ["UserUpdate"] = """{"name":"Anna"}""",
            ["UserPatch"] = """{"bio":"Writes, and draws."}""",
            ["ProfileRead"] = """{"bio":"Writes.","id":1}""",
            ["ProfilePut"] = """{"bio":"Writes."}""",
            ["PostRead"] = """
                {"title":"First","content":"Hello.","id":1,"author_id":1,"tags":[{"name":"blue","id":1},{"name":"red","id":2}]}
                """,
            ["PostCreate"] = """{"title":"First","content":"Hello.","tag_names":["red","blue"]}""",
            ["PostUpdate"] = """{"title":"First","content":"Hello again.","tag_names":["blue"]}""",
            ["PostPatch"] = """{"content":"Hello again."}""",
            ["PostTags"] = """{"items":[{"name":"blue","id":1},{"name":"red","id":2}]}""",
            ["TagNames"] = """{"tag_names":["blue","green"]}""",
            ["TagWrite"] = """{"name":"blue"}""",
            ["TagRead"] = """{"name":"blue","id":1}""",
            ["UserView"] = """
                {"name":"Ann","id":1,"profile":{"bio":"Writes.","id":1},"posts":[{"title":"First","content":"Hello.","id":1,"author_id":1,"tags":[{"name":"blue","id":1},{"name":"red","id":2}]}]}
                """,
            ["PostView"] = """
                {"title":"First","content":"Hello.","id":1,"author_id":1,"tags":[{"name":"blue","id":1},{"name":"red","id":2}]}
                """,
            ["TagView"] = """{"name":"blue","id":1}""",
            ["PostAuthor"] = """{"name":"Ann","id":1}""",
            ["UserPage"] = """
                {"items":[{"name":"Ann","id":1,"profile":{"bio":"Writes.","id":1},"posts":[]}],"limit":20,"next":"AQGM0PSIi8KYYQAAAAAAAAAB"}
                """,
            ["PostPage"] = """
                {"items":[{"title":"First","content":"Hello.","id":1,"author_id":1,"tags":[{"name":"blue","id":1}]}],"limit":20,"total":1,"total_is":"exact"}
                """,
            ["TagPage"] = """{"items":[{"name":"blue","id":1},{"name":"red","id":2}],"limit":20}""",
            ["Message"] = """{"message":"Deleted"}""",
            ["Problem"] = """
                {"type":"/problems/user_not_found","title":"Not Found","status":404,"detail":"User not found","instance":"/users/9","code":"user_not_found","request_id":"3f2a9c"}
                """,
            ["Violation"] = """
                {"pointer":"#/posts/0/title","code":"too_long","detail":"At most 100 characters are stored; this has 120.","limit":100}
                """,
            ["ProblemDescription"] = """
                {"code":"user_not_found","status":404,"detail":"User not found","remedy":"Check the id; the user may have been deleted."}
                """,
            ["Health"] = """{"status":"ready"}""",
            ["ServiceDescription"] = """
                {"service":"blog","version":"1.0.0","contract":"/openapi/v1.json","documentation":"/docs","live":"/livez","ready":"/readyz"}
                """,
        };

    static readonly Dictionary<string, InputError> errors = new(StringComparer.Ordinal)
    {
        [KnownProblems.ValidationFailed.Code] = new(InputCodes.Blank, "Must have a character that is not white space.")
        {
            Pointer = "#/name",
        },
        [KnownProblems.InvalidParameter.Code] = new(InputCodes.InvalidFormat, "One whole number belongs here.")
        {
            Parameter = "merge_into",
        },
        [KnownProblems.UnknownParameter.Code] = new(
            InputCodes.UnknownMember,
            "Not a parameter here; the nearest is limit. These are: name, name_prefix, limit, cursor, fields."
        )
        {
            Parameter = "limits",
        },
        [KnownProblems.InvalidReference.Code] = new(
            InputCodes.OutOfRange,
            "The id of another row that exists belongs here."
        )
        {
            Parameter = "merge_into",
        },
        [KnownProblems.InvalidHeader.Code] = new(
            InputCodes.InvalidFormat,
            "A list of entity tags in double quotes belongs here, or *."
        )
        {
            Header = "If-Match",
        },
        [KnownProblems.InvalidPreference.Code] = new(InputCodes.InvalidFormat, "Not known here: respond-async.")
        {
            Header = "Prefer",
        },
    };

    /// <summary>An error as it is sent.</summary>
    public static JsonNode? Of(Problem problem)
    {
        var example = problem with
        {
            Errors = errors.TryGetValue(problem.Code, out var error) ? [error] : null,
            ExistingId = problem == KnownProblems.TagNameTaken ? 1 : null,
            Reason = problem == KnownProblems.NotReady ? "schema_older" : null,
        };
        return JsonSerializer.SerializeToNode(
            example.ToDocument("/users/1", "3f2a9c"),
            ApiJson.Settings.GetTypeInfo(typeof(ProblemDocument))
        );
    }
}
