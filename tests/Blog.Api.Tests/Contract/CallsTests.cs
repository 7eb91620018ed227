using System.Text.Json.Nodes;
using Blog.Api.Tests.Access;
using Blog.Data;
using Blog.Data.Operate;
using Blog.Testing;

namespace Blog.Api.Tests.Contract;

/// <summary>
/// What an operation declares in its x-sql is what the server counts when it is driven once down each of its ways: every
/// declared file, each as often as the way says, and nothing else.
/// </summary>
public sealed class CallsTests(PostgresServer server)
{
    /// <summary>
    /// By operation: each way as <c>METHOD path | body | headers</c>, and the files that it sends. Before each of them stand user 1 (a profile, posts 1
    /// and 2, tags red 1 and blue 2), user 2 (post 3, tag green 3) and tag 4, lone, in a database of their own. An administrator sends them,
    /// or the subject that the header Authorization names.
    /// </summary>
    static readonly Dictionary<string, (string Request, string[] Files)[]> ways = new(StringComparer.Ordinal)
    {
        ["ListUsers"] =
        [
            ("GET /users", ["users/list_users", "tags/get_tag_names"]),
            ("GET /users||Prefer: count=exact", ["users/list_users", "users/count_users", "tags/get_tag_names"]),
            (
                "GET /users?name=Ann||Prefer: count=exact",
                ["users/list_users_by_name", "users/count_users_by_name", "tags/get_tag_names"]
            ),
            (
                "GET /users?name_prefix=A||Prefer: count=exact",
                ["users/list_users_by_name_prefix", "users/count_users_by_name_prefix", "tags/get_tag_names"]
            ),
        ],
        ["CreateUser"] =
        [
            ("""POST /users|{"name":"Cid"}""", ["users/create_user"]),
            (
                """POST /users|{"name":"Cid","posts":[{"title":"T","content":"C","tag_names":["red"]}]}|Idempotency-Key: 1""",
                ["idempotency/claim_key", "users/create_user", "idempotency/commit_answer"]
            ),
        ],
        ["GetUser"] =
        [
            ("GET /users/1", ["users/get_user", "tags/get_tag_names"]),
            (
                """GET /users/1||If-None-Match: "other" """,
                ["users/get_user_revision", "users/get_user", "tags/get_tag_names"]
            ),
        ],
        ["ReplaceUser"] =
        [
            ("""PUT /users/1|{"name":"Cid"}""", ["users/replace_user", "users/get_user", "tags/get_tag_names"]),
            ("""PUT /users/1|{"name":"Cid"}|If-Match: "other" """, ["users/replace_user", "users/get_user_revision"]),
            ("""PUT /users/1|{"name":"Cid"}|Authorization: other""", ["users/replace_user", "users/get_user_revision"]),
        ],
        ["PatchUser"] =
        [
            ("""PATCH /users/1|{"name":"Cid"}""", ["users/patch_user", "users/get_user", "tags/get_tag_names"]),
            ("""PATCH /users/1|{"name":"Cid"}|If-Match: "other" """, ["users/patch_user", "users/get_user_revision"]),
            ("""PATCH /users/1|{"name":"Cid"}|Authorization: other""", ["users/patch_user", "users/get_user_revision"]),
            (
                """PATCH /users/1|{"name":"Cid"}|Idempotency-Key: 1""",
                [
                    "idempotency/claim_key",
                    "users/patch_user",
                    "users/get_user",
                    "idempotency/commit_answer",
                    "tags/get_tag_names",
                ]
            ),
        ],
        ["DeleteUser"] =
        [
            ("DELETE /users/1", ["users/delete_user"]),
            ("DELETE /users/1?reassign_posts_to=2", ["users/delete_user_keep_posts"]),
            ("""DELETE /users/1||If-Match: "other" """, ["users/delete_user", "users/get_user_revision"]),
            ("DELETE /users/1||Authorization: other", ["users/delete_user", "users/get_user_revision"]),
            (
                "DELETE /users/1?reassign_posts_to=2||Authorization: other",
                ["users/delete_user_keep_posts", "users/get_user_revision"]
            ),
        ],
        ["GetProfile"] =
        [
            ("GET /users/1/profile", ["users/get_profile"]),
            ("""GET /users/1/profile||If-None-Match: "other" """, ["users/get_profile"]),
        ],
        ["PutProfile"] =
        [
            ("""PUT /users/1/profile|{"bio":"b"}""", ["users/put_profile"]),
            (
                """PUT /users/1/profile|{"bio":"b"}|If-Match: "other" """,
                ["users/put_profile", "users/get_user_revision"]
            ),
            (
                """PUT /users/1/profile|{"bio":"b"}|Authorization: other""",
                ["users/put_profile", "users/get_user_revision"]
            ),
        ],
        ["DeleteProfile"] =
        [
            ("DELETE /users/1/profile", ["users/delete_profile"]),
            ("""DELETE /users/1/profile||If-Match: "other" """, ["users/delete_profile", "users/get_user_revision"]),
            ("DELETE /users/1/profile||Authorization: other", ["users/delete_profile"]),
        ],
        ["CreatePost"] =
        [
            (
                """POST /users/1/posts|{"title":"T","content":"C","tag_names":["red"]}""",
                ["tags/find_or_create_tags", "posts/create_post"]
            ),
            (
                """POST /users/1/posts|{"title":"T","content":"C","tag_names":["red"]}|Authorization: other""",
                ["tags/find_or_create_tags", "posts/create_post", "users/get_user_revision"]
            ),
            (
                """POST /users/1/posts|{"title":"T","content":"C"}|Idempotency-Key: 1""",
                ["idempotency/claim_key", "tags/find_or_create_tags", "posts/create_post", "idempotency/commit_answer"]
            ),
        ],
        ["ListUserPosts"] =
        [
            (
                "GET /users/1/posts||Prefer: count=exact",
                ["posts/list_posts_by_author", "posts/count_posts_by_author", "users/find_user", "tags/get_tag_names"]
            ),
            (
                "GET /users/1/posts?tag=red||Prefer: count=exact",
                [
                    "posts/list_posts_by_author_and_tags",
                    "posts/count_posts_by_author_and_tags",
                    "users/find_user",
                    "tags/get_tag_names",
                ]
            ),
            (
                "GET /users/1/posts?tag_any=red||Prefer: count=exact",
                [
                    "posts/list_posts_by_author_and_any_tag",
                    "posts/count_posts_by_author_and_any_tag",
                    "users/find_user",
                    "tags/get_tag_names",
                ]
            ),
            (
                "GET /users/1/posts?q=first||Prefer: count=exact",
                [
                    "posts/search_posts_by_author",
                    "posts/count_found_posts_by_author",
                    "users/find_user",
                    "tags/get_tag_names",
                ]
            ),
        ],
        ["ImportUsers"] =
        [
            (
                """POST /import/users|{"name":"Cid"}|Content-Type: application/x-ndjson""",
                ["tags/find_or_create_tags", "users/reserve_ids", "users/create_users"]
            ),
        ],
        ["ExportUsers"] = [("GET /export/users", ["users/export_users"])],
        ["ExplainProblem"] = [("GET /problems/user_not_found", [])],
        ["GetLiveness"] = [("GET /livez", [])],
        ["GetReadiness"] = [("GET /readyz", ["health/get_schema", "health/get_journal"])],
        ["GetService"] = [("GET /", [])],
        ["GetContract"] = [("GET /openapi/v1.json", [])],
        ["GetDocumentation"] = [("GET /docs", [])],
        ["ListPosts"] =
        [
            ("GET /posts||Prefer: count=exact", ["posts/list_posts", "posts/count_posts", "tags/get_tag_names"]),
            (
                "GET /posts?author_id=1||Prefer: count=exact",
                ["posts/list_posts_by_author", "posts/count_posts_by_author", "tags/get_tag_names"]
            ),
            (
                "GET /posts?tag=red||Prefer: count=exact",
                ["posts/list_posts_by_tags", "posts/count_posts_by_tags", "tags/get_tag_names"]
            ),
            (
                "GET /posts?tag_any=red||Prefer: count=exact",
                ["posts/list_posts_by_any_tag", "posts/count_posts_by_any_tag", "tags/get_tag_names"]
            ),
            (
                "GET /posts?author_id=1&tag=red||Prefer: count=exact",
                ["posts/list_posts_by_author_and_tags", "posts/count_posts_by_author_and_tags", "tags/get_tag_names"]
            ),
            (
                "GET /posts?author_id=1&tag_any=red||Prefer: count=exact",
                [
                    "posts/list_posts_by_author_and_any_tag",
                    "posts/count_posts_by_author_and_any_tag",
                    "tags/get_tag_names",
                ]
            ),
            (
                "GET /posts?q=first||Prefer: count=exact",
                ["posts/search_posts", "posts/count_found_posts", "tags/get_tag_names"]
            ),
            (
                "GET /posts?author_id=1&q=first||Prefer: count=exact",
                ["posts/search_posts_by_author", "posts/count_found_posts_by_author", "tags/get_tag_names"]
            ),
            // What is reckoned is explained in place of being executed, and so not counted as called.
            ("GET /posts?q=first||Prefer: count=planned", ["posts/search_posts", "tags/get_tag_names"]),
        ],
        ["GetPost"] =
        [
            ("GET /posts/1", ["posts/get_post"]),
            ("""GET /posts/1||If-None-Match: "other" """, ["posts/get_post_revision", "posts/get_post"]),
        ],
        ["ReplacePost"] =
        [
            ("""PUT /posts/1|{"title":"T","content":"C"}""", ["posts/replace_post"]),
            (
                """PUT /posts/1|{"title":"T","content":"C","tag_names":["blue"]}""",
                ["tags/find_or_create_tags", "posts/replace_post"]
            ),
            ("""PUT /posts/1|{"title":"T","content":"C"}|Authorization: other""", ["posts/replace_post"]),
        ],
        ["PatchPost"] =
        [
            ("""PATCH /posts/1|{"title":"T","content":"C"}""", ["posts/patch_post"]),
            (
                """PATCH /posts/1|{"tag_names":["blue"]}|Idempotency-Key: 1""",
                ["idempotency/claim_key", "tags/find_or_create_tags", "posts/patch_post", "idempotency/commit_answer"]
            ),
        ],
        ["DeletePost"] =
        [
            ("DELETE /posts/1", ["posts/delete_post"]),
            ("DELETE /posts/1||Authorization: other", ["posts/delete_post"]),
            ("""DELETE /posts/1||If-Match: "other" """, ["posts/delete_post", "posts/get_post_revision"]),
        ],
        ["GetPostTags"] =
        [
            ("GET /posts/1/tags", ["posts/get_post_tags"]),
            ("""GET /posts/1/tags||If-None-Match: "other" """, ["posts/get_post_tags"]),
        ],
        ["ReplacePostTags"] =
        [
            ("""PUT /posts/1/tags|{"tag_names":["new"]}""", ["tags/find_or_create_tags", "posts/replace_post_tags"]),
        ],
        ["AddPostTags"] =
        [
            ("""POST /posts/1/tags|{"tag_names":["new"]}""", ["tags/find_or_create_tags", "posts/add_post_tags"]),
            (
                """POST /posts/1/tags|{"tag_names":["new"]}|Idempotency-Key: 1""",
                [
                    "idempotency/claim_key",
                    "tags/find_or_create_tags",
                    "posts/add_post_tags",
                    "idempotency/commit_answer",
                ]
            ),
        ],
        ["DeletePostTag"] = [("DELETE /posts/1/tags/1", ["posts/delete_post_tag"])],
        ["CreateTag"] =
        [
            ("""POST /tags|{"name":"new"}""", ["tags/find_or_create_tags"]),
            (
                """POST /tags|{"name":"new"}|Idempotency-Key: 1""",
                ["idempotency/claim_key", "tags/find_or_create_tags", "idempotency/commit_answer"]
            ),
        ],
        ["ListTags"] =
        [
            ("GET /tags||Prefer: count=exact", ["tags/list_tags", "tags/count_tags"]),
            ("GET /tags?name=red||Prefer: count=exact", ["tags/list_tags_by_name", "tags/count_tags_by_name"]),
            (
                "GET /tags?name_prefix=r||Prefer: count=exact",
                ["tags/list_tags_by_name_prefix", "tags/count_tags_by_name_prefix"]
            ),
        ],
        ["GetTag"] = [("GET /tags/1", ["tags/get_tag"])],
        ["RenameTag"] = [("""PUT /tags/4|{"name":"new"}""", ["tags/claim_tag_name", "tags/rename_tag"])],
        ["DeleteTag"] = [("DELETE /tags/4", ["tags/delete_tag"])],
    };

    public static TheoryData<string> Operations => [.. ways.Keys];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_operation_of_the_contract_is_driven() =>
        Assert.Equal(
            Declared().Select(operation => operation.Id).Order(StringComparer.Ordinal),
            ways.Keys.Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task The_server_counts_what_the_operation_declares(string id)
    {
        await using var signedIn = await SignedInApi.StartAsync(server);
        var api = signedIn.Api;
        await api.Database.ExecuteAsync("create extension pg_stat_statements");
        await using var data = new BlogData(api.Database.SuperuserConnectionString);
        var sent = new HashSet<string>(StringComparer.Ordinal);

        foreach (var (request, files) in ways[id])
        {
            await RestoreAsync(api);
            var answer = await SendAsync(api, request);
            var audit = await new SqlStatistics(data).AuditAsync("blog_app", Token);

            Assert.True(answer.Status < 300 || request.Contains("other", StringComparison.Ordinal), answer.Outcome);
            Assert.Empty(audit.Unknown);
            var expected = Lines(StatementsOf(files).Select(statement => $"{statement} 1"));
            var counted = Lines(audit.Seen.Select(seen => $"{seen.Query.Id} {seen.Number} {seen.Statistics.Calls}"));
            Assert.True(expected == counted, $"{request} sent\n{counted}\nand not\n{expected}");
            sent.UnionWith(files);
        }

        Assert.Equal(
            Declared()
                .Single(operation => operation.Id == id)
                .Files.Where(file => file != "posts/reckon_found_posts")
                .Order(StringComparer.Ordinal),
            sent.Order(StringComparer.Ordinal)
        );
    }

    static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    static IEnumerable<string> StatementsOf(IEnumerable<string> files) =>
        files
            .Select(Blog.Data.Catalogue.QueryCatalogue.Find)
            .SelectMany(query => query.Statements.Select((_, index) => $"{query.Id} {index + 1}"));

    static IEnumerable<(string Id, string[] Files)> Declared() =>
        JsonNode.Parse(CommittedContract.Text)!["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .Select(method =>
                (
                    (string)method.Value!["operationId"]!,
                    method.Value["x-sql"]!["queries"]!.AsArray().Select(file => (string)file!).ToArray()
                )
            );

    static Task<Answer> SendAsync(BlogApi api, string way)
    {
        var parts = way.Split('|');
        var line = parts[0].Split(' ');
        return api.SendAsync(
            line[0],
            line[1],
            parts is [_, { Length: > 0 } body, ..] ? body : null,
            parts is [_, _, var header]
                ? HeadersOf(header.Split(": ")[0], header.Split(": ")[1].Trim())
                : [SignedInApi.AsAdministrator()]
        );
    }

    static (string, string)[] HeadersOf(string name, string value) =>
        name == "Authorization" ? [SignedInApi.As(value)] : [SignedInApi.AsAdministrator(), (name, value)];

    static async Task RestoreAsync(BlogApi api)
    {
        await api.Database.ExecuteAsync(
            $"""
            truncate blog.users, blog.tag, blog.idempotency_key restart identity cascade;
            insert into blog.users (name) values ('Ann'), ('Ben');
            insert into blog.profile (user_id, bio) values (1, 'Writes.');
            insert into blog.post (author_id, title, content) values (1, 'First', ''), (1, 'Second', ''), (2, 'Other', '');
            insert into blog.tag (name) values ('red'), ('blue'), ('green'), ('lone');
            insert into blog.post_tag values (1, 1), (1, 2), (2, 1), (3, 3);
            """
        );
        await api.Database.ExecuteAsync(
            "select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)"
        );
        api.BeginAnew();
    }
}
