using Blog.Data;
using Microsoft.OpenApi;

namespace Blog.Api.Contract;

/// <summary>The words of the contract, for whoever calls the service: what types and metadata do not tell.</summary>
static class ContractTexts
{
    /// <summary>A text with a character that is none of <see cref="char.IsWhiteSpace(char)"/>, and without U+0000.</summary>
    public const string NotBlank =
        @"^[^\u0000]*[^\u0000\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000][^\u0000]*$";

    public const string Document = """
        Users with their profiles, posts and tags.

        - **Errors** are `application/problem+json` (RFC 9457). Branch on `code`; its `type` is a page that explains it. A body that breaks rules is answered with all of them at once, each with a JSON pointer.
        - **Versions**: what is read has an `ETag`. Send it back as `If-None-Match` to read only what has changed, as `If-Match` to write only what has not. A write with `If-None-Match` is 400 `invalid_header`.
        - **Repeats**: POST and PATCH of a user, a post or a tag take an `Idempotency-Key`. Where no answer has come, send the same request again with the same key: it is done once, and within 24 hours every repeat gets the first answer.
        - **Access**: where the operator has switched it on, operations take a token, and each names the scope that it needs: `blog:read`, `blog:write` or `blog:admin`, which includes the other two. Else nobody signs in. A user, with profile, posts and their tags, is written by that user and by `blog:admin`; by others it is 403 `not_owner`.
        - **Methods**: HEAD is answered wherever GET is, OPTIONS everywhere. A slash at the end of a path changes nothing.
        - **Texts** are stored in Unicode normalisation form C and counted in code points; `content` is stored as it was sent.
        - **Members** that are not known here are ignored, or refused with `Prefer: handling=strict`.
        - **Cost**: `Blog-SQL` and `Server-Timing` say what an answer asked of the database. Where the operator has switched it on, `Accept: application/vnd.blog.plan+json` gets a receipt (with the scope `blog:sql`) in place of what a GET of users, profiles, posts or tags reads: its statements, their plans, and whether those keep to their contracts. It is 200 and names the `status` that it stands for, 304 and 404 too; where the database was asked nothing there is none.
        """;

    public const string Token = """
        A JSON Web Token (RFC 9068, checked as RFC8725 asks) of the issuer that the operator has chosen, in the header `Authorization`. Its claim `scope` names its rights, `sub` is the id of the user that it speaks for. Asked for only where the operator has switched it on.
        """;

    const string Text = @"^[^\u0000]*$";
    const string AnyText = @"^[\s\S]*$";
    const string AnyAscii = "^[ -~]*$";
    const string Code = "^[a-z]+(_[a-z]+)*$";
    const string Base64Url = "^[0-9A-Za-z_-]+$";
    const string MemberNames = @"^[a-z_.]+(,[a-z_.]+)*$";
    const string Path = @"^/[^\s]*$";
    const string EntityTag = "\"[!#-~]*\"";

    public static IReadOnlyDictionary<string, string> Tags { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["users"] = "Users with everything below them: profile, posts and the tags of the posts.",
            ["profiles"] = "The one profile that a user may have. Its entity tag is the user's.",
            ["posts"] = "Posts, and which tags they have.",
            ["tags"] = "Tags by themselves: found or created by name, renamed, merged, deleted.",
            ["streams"] = "Users by the line, any number of them.",
            ["problems"] = "What the codes of errors mean.",
            ["health"] = "Whether the process lives, and whether it can serve.",
            ["service"] = "What this service is, its contract and the page to read it.",
        };

    public static IReadOnlyDictionary<string, (string Summary, string Description)> Operations { get; } =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["CreateUser"] = (
                "Create a user",
                "Creates a user with profile, posts and tags: everything, or nothing. A tag that exists already is used, whoever created it."
            ),
            ["ListUsers"] = (
                "List users",
                "By id, all of them or those with a name. Each carries its newest posts, `posts_limit` of them, in the order of their ids."
            ),
            ["GetUser"] = (
                "Read a user",
                "A user with profile, posts and their tags, all of one moment. Where there are more posts than one answer holds, `Blog-Truncated` says how many and `Link` where the others are."
            ),
            ["ReplaceUser"] = (
                "Rename a user",
                "Replaces what a user is called; profile and posts stay. With `If-Match` only where nothing of the user, or below, has changed."
            ),
            ["PatchUser"] = (
                "Change a user",
                "Changes the members that are sent and keeps the others (RFC 7396). A `bio` of null or an empty text deletes the profile."
            ),
            ["DeleteUser"] = (
                "Delete a user",
                "Deletes a user with profile and posts. Tags stay, also those that no post has any more."
            ),
            ["GetProfile"] = ("Read a profile", "The profile of a user. Its entity tag is the user's."),
            ["PutProfile"] = (
                "Write a profile",
                "Replaces the profile of a user, or creates it where there is none: 201 then, else 200."
            ),
            ["DeleteProfile"] = ("Delete a profile", "Deletes the profile of a user; the user stays."),
            ["CreatePost"] = (
                "Create a post",
                "Creates a post of a user, with its tags. A tag that exists already is used, whoever created it."
            ),
            ["ListPosts"] = (
                "List posts",
                "Newest first. Filters: none, `author_id`, `tag` (all of them), `tag_any` (any of them), `author_id` with either of the two, `q`, or `author_id` with `q`. A search that takes long ends a page before it is full: there is more as long as there is `next`."
            ),
            ["ListUserPosts"] = (
                "List the posts of a user",
                "The page of GET /posts with `author_id`, with its other parameters; 404 where there is no such user."
            ),
            ["GetPost"] = ("Read a post", "A post with its tags; with its author where `include` asks for that."),
            ["ReplacePost"] = (
                "Replace a post",
                "Replaces title and content; the tags too where `tag_names` is sent, else they stay."
            ),
            ["PatchPost"] = ("Change a post", "Changes the members that are sent and keeps the others (RFC 7396)."),
            ["DeletePost"] = ("Delete a post", "Deletes a post. Its tags stay, also those that no other post has."),
            ["GetPostTags"] = ("Read the tags of a post", "By id. Their entity tag is the post's."),
            ["ReplacePostTags"] = (
                "Replace the tags of a post",
                "Gives a post these tags and no others; they are found or created."
            ),
            ["AddPostTags"] = (
                "Add tags to a post",
                "Gives a post these tags beside those that it has; they are found or created. Sent again it changes nothing."
            ),
            ["DeletePostTag"] = (
                "Take a tag from a post",
                "The tag itself stays. Where the post does not have it, nothing changes and the answer is the same."
            ),
            ["CreateTag"] = (
                "Find or create a tag",
                "The tag with this name: 201 where it is new, 200 where it was there before."
            ),
            ["ListTags"] = ("List tags", "By name, in the order of code points: all of them, or those with a name."),
            ["GetTag"] = ("Read a tag", "A tag by itself."),
            ["RenameTag"] = ("Rename a tag", "Renames a tag on all of its posts. Where another tag has the name: 409."),
            ["DeleteTag"] = (
                "Delete a tag",
                "Takes a tag from all of its posts and deletes it; with `merge_into` those posts get that other tag first."
            ),
            ["ImportUsers"] = (
                "Import users",
                "A user in the shape of UserCreate a line. `mode=atomic`: every line or none, and 422 with the errors of all lines. `mode=lines`: each line is whole or not at all, and is answered by a line after its commit: `{\"line\",\"status\",\"id\"}`, or `{\"line\",\"status\",\"problem\"}`."
            ),
            ["ExportUsers"] = (
                "Export users",
                "A user in the shape of UserCreate a line, with `id` in front, by id, all of one moment. The last line is `{\"$end\":{\"count\"}}`: without it the export is not whole."
            ),
            ["ExplainProblem"] = (
                "Explain a code",
                "What a code of an error means and what can be done: where the `type` of every error leads. As a page for people where text/html is asked for."
            ),
            ["GetLiveness"] = (
                "See whether the process lives",
                "Asks nobody; an answer is the proof. For whoever restarts it."
            ),
            ["GetReadiness"] = (
                "See whether it can serve",
                "Asks the database whether it has every migration of this build. For whoever routes requests to it."
            ),
            ["GetService"] = ("Read what this service is", "Name and version, and the paths to go on from."),
            ["GetContract"] = ("Read the contract", "This document: OpenAPI 3.1."),
            ["GetDocumentation"] = ("Open the documentation", "This document as a page to read and to try it out."),
        };

    /// <summary>What a success means; of the other statuses the shape tells it.</summary>
    public static IReadOnlyDictionary<int, string> Statuses { get; } =
        new Dictionary<int, string>
        {
            [StatusCodes.Status201Created] =
                "It was created, and is at the path in `Location`. Without a body where the request had `Prefer: return=minimal`.",
            [StatusCodes.Status204NoContent] = "It was done; the request had `Prefer: return=minimal`.",
            [StatusCodes.Status304NotModified] = "It has not changed since the version that `If-None-Match` names.",
        };

    /// <summary>What is answered with where it is no shape of its own.</summary>
    public static IReadOnlyDictionary<string, Words> MediaTypes { get; } =
        new Dictionary<string, Words>(StringComparer.Ordinal)
        {
            ["text/html"] = new("A page for people.") { Pattern = "^<!doctype html>", Max = 65_536 },
            ["application/x-ndjson"] = new("A JSON object a line, of any number.")
            {
                Type = null,
                Example = "{\"name\":\"Ann\",\"bio\":\"Writes.\"}\n{\"name\":\"Bea\"}\n",
            },
            ["application/json"] = new("A JSON object.") { Type = JsonSchemaType.Object },
        };

    public static IReadOnlyDictionary<string, string> Schemas { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["UserRead"] = "A user with everything below.",
            ["UserCreate"] = "A user to be created, with profile and posts.",
            ["UserUpdate"] = "What PUT replaces of a user.",
            ["UserPatch"] = "What PATCH changes of a user; what is not sent stays.",
            ["ProfileRead"] = "What a user says about themselves.",
            ["ProfilePut"] = "What a profile is to say.",
            ["PostRead"] = "A post with its tags.",
            ["PostCreate"] = "A post to be created.",
            ["PostUpdate"] = "What PUT replaces of a post.",
            ["PostPatch"] = "What PATCH changes of a post; what is not sent stays.",
            ["PostTags"] = "The tags of a post.",
            ["TagNames"] = "Tags by their names.",
            ["TagRead"] = "A tag.",
            ["TagWrite"] = "The name of a tag.",
            ["UserView"] =
                "A user, or those of its members that `include` and `fields` leave; others only where `fields` asks for them.",
            ["PostView"] =
                "A post, or those of its members that `include` and `fields` leave; others only where one of them asks for it.",
            ["TagView"] = "A tag, or those of its members that `fields` names; others only where it asks for them.",
            ["PostAuthor"] = "The user who wrote a post.",
            ["UserPage"] = "A page of users.",
            ["PostPage"] = "A page of posts.",
            ["TagPage"] = "A page of tags.",
            ["Message"] = "A write that leaves nothing to show.",
            ["Problem"] = "An error (RFC 9457).",
            ["Violation"] =
                "One thing that is wrong with what was sent, and where: in the body (`pointer`), in the path or the query (`parameter`), or in a header (`header`).",
            ["ProblemDescription"] = "What a code of an error means.",
            ["Health"] = "How the service is.",
            ["ServiceDescription"] = "What this service is and where to go from here.",
        };

    /// <summary>By shape and member; by member alone where it is the same everywhere.</summary>
    public static IReadOnlyDictionary<string, Words> Members { get; } =
        new Dictionary<string, Words>(StringComparer.Ordinal)
        {
            ["id"] = Id("Identity; a higher one is newer."),
            ["author_id"] = Id("The user who wrote it."),
            ["UserRead.name"] = UserName,
            ["UserCreate.name"] = UserName,
            ["UserUpdate.name"] = UserName,
            ["UserPatch.name"] = UserName,
            ["bio"] = new("What the user says about themselves.")
            {
                Pattern = Text,
                Min = 1,
                Max = Limits.Bio,
            },
            ["title"] = new("What the post is called; with at least one character that is not white space.")
            {
                Pattern = NotBlank,
                Max = Limits.Title,
            },
            ["content"] = new("The post itself; may be empty, and has at most 1 MiB in UTF-8.")
            {
                Pattern = Text,
                Max = Limits.ContentBytes,
            },
            ["tags"] = new("By id; empty where it has none.") { Max = Limits.TagsPerPost },
            ["PostCreate.tag_names"] = TagNames("None where left out."),
            ["UserRead.profile"] = new("Null where the user has none."),
            ["UserRead.posts"] = new("By id, the first ones where there are more than one answer holds."),
            ["UserCreate.bio"] = new("No profile where it is null, empty or left out.") { Pattern = Text },
            ["UserCreate.posts"] = new("In the order in which they get their ids. None where left out."),
            ["UserPatch.bio"] = new("Null or an empty text deletes the profile.") { Pattern = Text },
            ["PostUpdate.tag_names"] = TagNames("The tags stay where it is left out."),
            ["PostPatch.tag_names"] = TagNames("The tags stay where it is left out."),
            ["TagNames.tag_names"] = TagNames("An empty list is no tag."),
            ["PostTags.items"] = new("By id; empty where it has none.") { Max = Limits.TagsPerPost },
            ["TagRead.name"] = TagName("Unique, and without white space around it."),
            ["TagWrite.name"] = TagName("White space around it is cut off."),
            ["TagView.name"] = TagName("Unique, and without white space around it."),
            ["UserView.name"] = UserName,
            ["UserView.profile"] = new("Null where the user has none."),
            ["UserView.posts"] = new(
                "By id: in a page the newest ones, else the first ones where there are more than one answer holds."
            ),
            ["UserView.post_count"] = Count("Posts in all.") with { Max = long.MaxValue },
            ["TagView.post_count"] = Count("Posts that carry it, counted up to 10,000: there are so many, or more."),
            ["created_at"] = Time("When it was created."),
            ["updated_at"] = Time("When it was changed last."),
            ["PostView.author"] = new("The user who wrote it."),
            ["PostAuthor.name"] = UserName,
            ["UserPage.items"] = new("By id.") { Max = Limits.Page },
            ["PostPage.items"] = new("Newest first.") { Max = Limits.Page },
            ["TagPage.items"] = new("By name, in the order of code points.") { Max = Limits.Page },
            ["UserPage.limit"] = PageLimit,
            ["PostPage.limit"] = PageLimit,
            ["TagPage.limit"] = PageLimit,
            ["next"] = new("The `cursor` of the next page; absent on the last one.")
            {
                Pattern = Base64Url,
                Max = 1_024,
            },
            ["total"] = Count("How many there are on all pages; absent where nobody asked.") with
            {
                Max = long.MaxValue,
            },
            ["total_is"] = new(
                "`exact`, `at_least` where counting ended before the list did, or `planned` where the database has reckoned; absent where nobody asked."
            )
            {
                Pattern = "^(exact|at_least|planned)$",
                Max = 8,
            },
            ["existing_id"] = Id("The tag that has the name; absent where the error is another."),
            ["reason"] = new(
                "Why the service is not ready: `schema_older` where migrations are missing, `schema_drift` where something else is not as its statements need it, `database_failing` where the database said in the last ten seconds that something in it is wrong, `stopping` where it has been told to end; absent where that is not known, or the error is another."
            )
            {
                Pattern = "^[a-z_]+$",
                Max = 16,
            },
            ["message"] = new("What was done.") { Pattern = "^[A-Z][a-z]+$", Max = 64 },
            ["Problem.type"] = new("Path of the page that explains the code.")
            {
                Format = "uri-reference",
                Pattern = "^/problems/",
                Max = 128,
            },
            ["Problem.title"] = new("The status in words.") { Pattern = AnyAscii, Max = 64 },
            ["status"] = new("The HTTP status.") { Min = 400, Max = 599 },
            ["detail"] = new("What happened, for a person.") { Pattern = AnyText, Max = 65_536 },
            ["instance"] = new("Path of the request.") { Pattern = Text, Max = 8_192 },
            ["code"] = new("What happened, for a program. Stable; more may come.") { Pattern = Code, Max = 64 },
            ["request_id"] = new("As in the header `X-Request-Id` and in the log of the service.")
            {
                Pattern = AnyAscii,
                Max = 128,
            },
            ["errors"] = new(
                "Every place that is wrong, or the first 1000 of them; absent where the request as a whole is."
            )
            {
                Max = Limits.Errors,
            },
            ["pointer"] = new("Place in the body (RFC 6901, as a URI fragment).") { Pattern = "^#", Max = 16_777_216 },
            ["parameter"] = new("Name of a parameter of the path or the query, an unknown one as it was sent.")
            {
                Pattern = AnyText,
                Max = 8_192,
            },
            ["Violation.line"] = new("Line of an import, from 1; absent elsewhere.") { Min = 1, Max = long.MaxValue },
            ["header"] = new("Name of a header.") { Pattern = AnyAscii, Max = 64 },
            ["Violation.limit"] = new("The limit that was passed; absent where the error is another.")
            {
                Min = 0,
                Max = int.MaxValue,
            },
            ["remedy"] = new("What can be done about it.") { Pattern = AnyAscii, Max = 512 },
            ["Health.status"] = new("`alive` or `ready`.") { Pattern = "^(alive|ready)$", Max = 5 },
            ["service"] = new("Its name.") { Pattern = "^[a-z]+$", Max = 64 },
            ["version"] = new("The version of the build.") { Pattern = @"^[0-9]+\.[0-9]+\.[0-9]+$", Max = 64 },
            ["contract"] = PathOf("Path of the OpenAPI document."),
            ["documentation"] = PathOf("Path of the page to read it."),
            ["live"] = PathOf("Path that answers as long as the process lives."),
            ["ready"] = PathOf("Path that answers 200 as long as it can serve."),
        };

    public static IReadOnlyDictionary<string, Words> Parameters { get; } =
        new Dictionary<string, Words>(StringComparer.Ordinal)
        {
            ["id"] = Id("Which one.") with { Example = "1" },
            ["tag_id"] = Id("Which tag.") with { Example = "2" },
            ["reassign_posts_to"] = Id(
                "The user who gets the posts; without it they are deleted too. Where callers sign in it needs `blog:admin`."
            ) with
            {
                Example = "2",
            },
            ["merge_into"] = Id("The tag that its posts get in its place.") with { Example = "2" },
            ["mode"] = new("Every line or none (`atomic`, the default), or each line by itself (`lines`).")
            {
                Pattern = "^(atomic|lines)$",
                Max = 6,
                Example = "lines",
            },
            ["after_id"] = Id("Begins behind this user; at the first one where it is left out.") with
            {
                Min = 0,
                Example = "1",
            },
            ["limit"] = new("Items of a page; above 100 it is lowered to 100.")
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Min = 1,
                Max = 999_999_999,
                Example = "20",
            },
            ["posts_limit"] = new(
                "Posts that each user carries, the newest; above 50 it is lowered to 50. 10 where it is left out."
            )
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Min = 1,
                Max = 999_999_999,
                Example = "10",
            },
            ["cursor"] = new("The member `next` of the page before, with the same filters. Opaque.")
            {
                Pattern = Base64Url,
                Min = 1,
                Max = 1_024,
                Example = "ARXjsMRCmPwcFAAAAAAAAABl",
            },
            ["include"] = new(
                "What is shown beside the resource's own members, comma between: of users `profile`, `posts`, `posts.tags` (all where it is left out), of posts `tags` (where it is left out), `author`; or `none`."
            )
            {
                Pattern = MemberNames,
                Min = 1,
                Max = 256,
                Example = "none",
            },
            ["fields"] = new(
                "The only members that are shown, comma between. `created_at`, `updated_at` and, of users and tags, `post_count` are shown only where they stand here."
            )
            {
                Pattern = MemberNames,
                Min = 1,
                Max = 256,
                Example = "id",
            },
            ["name"] = new("Only what has this name, code point by code point.")
            {
                Pattern = Text,
                Min = 1,
                Max = Limits.Name,
                Example = "blue",
            },
            ["name_prefix"] = new("Only what has a name that begins so, code point by code point.")
            {
                Pattern = Text,
                Min = 1,
                Max = Limits.Name,
                Example = "bl",
            },
            ["author_id"] = Id("Only posts of this user; of nobody there are none.") with
            {
                Min = long.MinValue,
                Example = "1",
            },
            ["tag"] = TagFilter("Only posts that have all of these tags."),
            ["tag_any"] = TagFilter("Only posts that have any of these tags."),
            ["q"] = new(
                "Only posts with these words: words, \"phrases\", `or`, `-not`. Title and content are searched as one text: a phrase may begin in the one and end in the other. Chinese, Japanese and Korean text is found by any run of its characters."
            )
            {
                Pattern = Text,
                Min = 1,
                Max = Limits.SearchWords,
                Example = "hello",
            },
            ["code"] = new("The code of an error.")
            {
                Pattern = Code,
                Min = 1,
                Max = 64,
                Example = "user_not_found",
            },
            ["If-Match"] = new(
                "Writes only over one of these versions: entity tags as they were read, or `*` for any. Else 412, with the current one."
            )
            {
                Pattern = $@"^(\*|(W/)?{EntityTag}([ \t]*,[ \t]*(W/)?{EntityTag})*)$",
                Max = 8_192,
                Example = "\"u1.1-1\"",
            },
            ["If-None-Match"] = new(
                "Reads only what is none of these versions: entity tags as they were read. Else 304."
            )
            {
                Pattern = $@"^(\*|(W/)?{EntityTag}([ \t]*,[ \t]*(W/)?{EntityTag})*)$",
                Max = 8_192,
                Example = "\"u1.1-1\"",
            },
            ["Idempotency-Key"] = new(
                "A name that the client makes for this one write, a new one for each, as a string in double quotes (RFC 9651) or without them. A repeat with the same key, path, query, body, Content-Type and `return` preference is not done again: it gets the first answer, with `Idempotency-Replayed`. Only successes are kept, for 24 hours."
            )
            {
                Pattern = @"^([!#-+.-:<-\[\]-~-]{1,255}|""([ !#-\[\]-~]|\\[""\\]){1,255}"")$",
                Min = 1,
                Max = 512,
                Example = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
            },
            ["Prefer"] = new(
                "What the client prefers (RFC 7240): `return=minimal` for a write without a body in its answer, `return=representation`; `handling=strict` to have members and preferences that are not known here refused, `handling=lenient`; `count=exact` for the total of a list, counted up to 10,000, `count=planned` for one that the database reckons, `count=none`; `wait=5` for an answer after five seconds at the latest, 1 to 30, of whatever kind. Others are ignored."
            )
            {
                Pattern = AnyAscii,
                Max = 8_192,
                Example = "return=minimal",
            },
            ["X-Request-Id"] = new("The client's own name for this request, found again in the answer and in the log.")
            {
                Pattern = AnyAscii,
                Max = 128,
                Example = "3f2a9c",
            },
        };

    public static IReadOnlyDictionary<string, Words> Headers { get; } =
        new Dictionary<string, Words>(StringComparer.Ordinal)
        {
            ["ETag"] = new("The version of what is shown, with everything below; opaque.")
            {
                Pattern = $"^{EntityTag}$",
                Max = 128,
                Example = "\"u1.1-1\"",
            },
            ["Location"] = new("Path of what was created.")
            {
                Format = "uri-reference",
                Pattern = Path,
                Max = 128,
                Example = "/users/1",
            },
            ["Link"] = new(
                "Where more is (RFC 8288): `rel=\"next\"`, the next page of a list; `rel=\"posts\"`, the posts that one answer did not hold."
            )
            {
                Pattern = "^<[^>]*>; rel=\"[a-z]+\"$",
                Max = 8_192,
                Example = "</posts?author_id=1>; rel=\"posts\"",
            },
            ["Blog-Truncated"] = new(
                "How many posts are shown, and how many there are; absent where it is all of them."
            )
            {
                Pattern = "^posts=[0-9]+;of=[0-9]+$",
                Max = 64,
                Example = "posts=1000;of=12345",
            },
            ["Blog-SQL"] = new(
                "What was asked of the database: statements, waits for it, rows, and whether that is within the budget of the operation."
            )
            {
                Pattern = "^stmts=[0-9]+, trips=[0-9]+, rows=[0-9]+, budget=(ok|over)$",
                Max = 128,
                Example = "stmts=4, trips=1, rows=6, budget=ok",
            },
            ["Server-Timing"] = new(
                "Milliseconds (W3C Server Timing): the whole, the database in sum, then each wait for it by the name of its statement."
            )
            {
                Pattern = AnyAscii,
                Max = 8_192,
                Example = "app;dur=2.1, db;dur=1.3, users_get_user;dur=1.3",
            },
            ["X-Request-Id"] = new("The client's own name for the request, or one that was made for it.")
            {
                Pattern = AnyAscii,
                Max = 128,
                Example = "3f2a9c",
            },
            ["Preference-Applied"] = new("What was honoured of `Prefer`; absent where nothing was.")
            {
                Pattern = "^[a-z]+=[a-z]+(, ?[a-z]+=[a-z]+)*$",
                Max = 128,
                Example = "return=minimal",
            },
            ["Retry-After"] = new("Seconds after which the same request may succeed.")
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Min = 0,
                Max = int.MaxValue,
                Example = "1",
            },
            ["Idempotency-Replayed"] = new(
                "`?1`: this is the answer of an earlier request with the same `Idempotency-Key`. Absent on the first."
            )
            {
                Pattern = @"^\?1$",
                Max = 2,
                Example = "?1",
            },
            ["WWW-Authenticate"] = new(
                "What is missing (RFC 6750): a token, a token that counts, or the scope that the operation needs."
            )
            {
                Pattern = "^Bearer [ -~]+$",
                Max = 256,
                Example = "Bearer realm=\"blog\", scope=\"blog:write\"",
            },
            ["Allow"] = new("The methods that the path answers.")
            {
                Pattern = "^[A-Z]+(, [A-Z]+)*$",
                Max = 64,
                Example = "GET, HEAD, OPTIONS",
            },
            ["Accept-Patch"] = new("What PATCH reads, where the path answers it.")
            {
                Pattern = AnyAscii,
                Max = 128,
                Example = "application/merge-patch+json, application/json",
            },
            ["Cache-Control"] = new("`private, no-cache` for what was read, `no-store` for errors and writes.")
            {
                Pattern = "^(private, no-cache|no-store)$",
                Max = 32,
                Example = "private, no-cache",
            },
            ["Vary"] = new("The request headers that the answer depends on.")
            {
                Pattern = AnyAscii,
                Max = 64,
                Example = "Accept, Prefer",
            },
            ["X-Content-Type-Options"] = new("The type is what Content-Type says.")
            {
                Pattern = "^nosniff$",
                Max = 7,
                Example = "nosniff",
            },
            ["Content-Security-Policy"] = new(
                "What a browser may load for it and who may frame it: nothing and nobody, but for a page."
            )
            {
                Pattern = AnyAscii,
                Max = 256,
                Example = "default-src 'none'; frame-ancestors 'none'",
            },
            ["Cross-Origin-Resource-Policy"] = new("Pages of other origins may not embed it.")
            {
                Pattern = "^same-origin$",
                Max = 11,
                Example = "same-origin",
            },
            ["Referrer-Policy"] = new("What it links to is not told from where.")
            {
                Pattern = "^no-referrer$",
                Max = 11,
                Example = "no-referrer",
            },
            ["Strict-Transport-Security"] = new("A browser is to ask by https only; absent where it did not.")
            {
                Pattern = "^max-age=[0-9]+$",
                Max = 32,
                Example = "max-age=31536000",
            },
            ["RateLimit"] = new(
                "Requests that are left (`r`), and seconds until there is one more (`t`), as in draft-ietf-httpapi-ratelimit-headers. A 304 costs none. Absent where the operator has set no limit."
            )
            {
                Pattern = "^\"default\";r=[0-9]+;t=[0-9]+$",
                Max = 64,
                Example = "\"default\";r=59;t=1",
            },
            ["RateLimit-Policy"] = new(
                "Requests (`q`) in so many seconds (`w`), of one client. Absent where the operator has set no limit."
            )
            {
                Pattern = "^\"default\";q=[0-9]+;w=[0-9]+$",
                Max = 64,
                Example = "\"default\";q=60;w=60",
            },
        };

    static Words PageLimit =>
        new("How many the page may hold: what was asked for, lowered to what is possible.")
        {
            Min = 1,
            Max = Limits.Page,
        };

    static Words Count(string text) => new(text) { Min = 0, Max = Limits.PostsCountedOfTag };

    static Words Time(string text) =>
        new(text) { Pattern = @"^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z$", Max = 32 };

    static Words TagFilter(string text) =>
        new($"{text} Given once a tag, at most {Limits.TagFilters} times; compared as tags are stored.")
        {
            Type = JsonSchemaType.Array,
            Max = Limits.TagFilters,
            Items = new("")
            {
                Pattern = NotBlank,
                Min = 1,
                Max = Limits.TagName,
            },
            Example = """["blue"]""",
        };

    static Words UserName =>
        new("What the user is called; with at least one character that is not white space.")
        {
            Pattern = NotBlank,
            Max = Limits.Name,
        };

    static Words TagNames(string text) =>
        new($"Names of tags, found or created. White space around a name is cut off; equal names are one tag. {text}")
        {
            Max = Limits.TagsPerPost,
            Items = TagName("") with { Min = 1 },
        };

    static Words TagName(string text) => new(text) { Pattern = NotBlank, Max = Limits.TagName };

    static Words Id(string text) =>
        new(text)
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Min = 1,
            Max = long.MaxValue,
        };

    static Words PathOf(string text) =>
        new(text)
        {
            Format = "uri-reference",
            Pattern = Path,
            Max = 128,
        };
}
