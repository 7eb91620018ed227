using System.Text.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Requests;

/// <summary>
/// One effect per Idempotency-Key (promise P2), whoever sends it at the same moment and wherever it breaks off: what was done and what was
/// answered are committed together, or neither is.
/// </summary>
public sealed class IdempotencyRaceTests(PostgresServer server) : IAsyncLifetime
{
    const int Clients = 32;
    const string Key = "Idempotency-Key";
    const string Replayed = "Idempotency-Replayed";
    const string NewUser = """{"name":"Cem","posts":[{"title":"T","content":"C","tag_names":["new"]}]}""";

    BlogApi api = null!;

    /// <summary>Each operation that takes a key, and what holds it up after it has taken the key.</summary>
    public static TheoryData<string, string, string, string> Writes =>
        new()
        {
            { "POST", "/users", NewUser, "insert into blog.tag (name) values ('new')" },
            {
                "POST",
                "/users/2/posts",
                """{"title":"T","content":"C"}""",
                "select from blog.users where id = 2 for update"
            },
            { "POST", "/posts/2/tags", """{"tag_names":["new"]}""", "select from blog.users where id = 2 for update" },
            { "POST", "/tags", """{"name":"new"}""", "insert into blog.tag (name) values ('new')" },
            { "PATCH", "/users/2", """{"bio":"hi"}""", "select from blog.users where id = 2 for update" },
            { "PATCH", "/posts/2", """{"title":"U"}""", "select from blog.users where id = 2 for update" },
        };

    public async ValueTask InitializeAsync()
    {
        // What is held is waited for as long as it takes: a busy machine is no part of the test.
        api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Bea'), ('Ann');
            insert into blog.post (author_id, title, content) values (1, 'Hers', 'C'), (2, 'T', 'C');
            insert into blog.tag (name) values ('hers');
            insert into blog.post_tag values (1, 1);
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(
            ["1 Bea 1 1 Hers 1 1 hers"],
            await api.Database.ListAsync(
                "select concat_ws(' ', u.id, u.name, u.version, p.id, p.title, p.version, t.id, t.name) from blog.users u join blog.post p on p.author_id = u.id join blog.post_tag l on l.post_id = p.id join blog.tag t on t.id = l.tag_id where u.id = 1"
            )
        );
        await api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Whoever_comes_while_the_first_is_being_done_is_told_so_at_once(
        string method,
        string path,
        string body,
        string hold
    )
    {
        await using var holder = await BeginAsync(hold);

        var first = api.SendAsync(method, path, body, (Key, "k"));
        await api.Database.UntilWaitingAsync(1);
        var meanwhile = await api.SendAsync(method, path, body, (Key, "k"));
        var other = await api.PostAsync("/tags?other", """{"name":"other"}""", (Key, "k"));
        Assert.False(first.IsCompleted);
        await EndAsync(holder, "rollback");
        var again = await RepeatAsync(() => api.SendAsync(method, path, body, (Key, "k")));

        Assert.Equal(
            $$"""409 {"type":"/problems/idempotency_in_progress","title":"Conflict","status":409,"detail":"A request with this Idempotency-Key is being answered at this moment","instance":"{{path}}","code":"idempotency_in_progress","request_id":"test"}""",
            meanwhile.Outcome
        );
        Assert.Equal("1", meanwhile["Retry-After"]);
        Assert.Equal(201, other.Status);
        Assert.True((await first).Status is 200 or 201, (await first).Outcome);
        Assert.Equal(((await first).Outcome, "?1"), (again.Outcome, again[Replayed]));
        Assert.Equal((await first)["ETag"], again["ETag"]);
    }

    [Fact]
    public async Task Of_clients_that_send_one_write_at_once_one_does_it_and_the_others_get_its_answer_or_are_told_to_wait()
    {
        for (var round = 0; round < 10; round++)
        {
            var body = $$"""{"name":"round {{round}}","bio":"hi","posts":[{"title":"T","content":"C"}]}""";
            Task<Answer> Send() => api.PostAsync("/users", body, (Key, $"{round}"));

            var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Send()));
            var afterwards = await Send();

            var users = await api.Database.ListAsync($"select id from blog.users where name = 'round {round}'");
            var id = Assert.Single(users);
            Assert.Equal((201, "?1"), (afterwards.Status, afterwards[Replayed]));
            Assert.Equal($"/users/{id}", afterwards["Location"]);
            var done = answers.Where(answer => answer.Status == 201).ToArray();
            Assert.Single(done, answer => answer[Replayed] is null);
            Assert.All(done, answer => Assert.Equal(afterwards.Outcome, answer.Outcome));
            Assert.All(
                answers.Except(done),
                answer =>
                    Assert.Equal(
                        (409, "idempotency_in_progress", "1"),
                        (answer.Status, CodeOf(answer), answer["Retry-After"])
                    )
            );
        }

        Assert.Equal(["10"], await api.Database.ListAsync("select count(*) from blog.idempotency_key"));
    }

    [Fact]
    public async Task Clients_that_wait_as_they_are_told_all_get_the_one_answer()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(_ => RepeatAsync(() => api.PatchAsync("/users/2", """{"bio":"hi"}""", (Key, "k"))))
        );

        Assert.All(answers, answer => Assert.Equal((200, "\"u2.2-1\""), (answer.Status, answer["ETag"])));
        Assert.Equal(["2"], await api.Database.ListAsync("select version from blog.users where id = 2"));
    }

    [Fact]
    public async Task An_answer_that_was_committed_after_the_claim_had_begun_is_found()
    {
        // The insert of the claim is held up, after its snapshot was taken; meanwhile the row of the first one comes back.
        var first = await api.PostAsync("/users", NewUser, (Key, "k"));
        await api.Database.ExecuteAsync(
            """
            create table public.kept as select * from blog.idempotency_key;
            delete from blog.idempotency_key;
            create function public.hold() returns trigger language plpgsql as
              'begin perform pg_advisory_xact_lock_shared(7); return new; end';
            create trigger hold before insert on blog.idempotency_key for each row execute function public.hold();
            """
        );
        await using var holder = await BeginAsync("select pg_advisory_xact_lock(7)");

        var again = api.PostAsync("/users", NewUser, (Key, "k"));
        await api.Database.UntilWaitingAsync(1);
        await api.Database.ExecuteAsync(
            """
            set session_replication_role = replica;
            insert into blog.idempotency_key select * from public.kept
            """
        );
        await EndAsync(holder, "rollback");

        Assert.Equal((first.Outcome, "?1"), ((await again).Outcome, (await again)[Replayed]));
        Assert.Equal(["1"], await api.Database.ListAsync("select count(*) from blog.users where name = 'Cem'"));
    }

    [Theory]
    [InlineData("insert")]
    [InlineData("update")]
    public async Task Where_the_record_fails_nothing_is_written_and_the_key_is_free(string step)
    {
        await api.Database.ExecuteAsync(
            $"""
            create function public.fail() returns trigger language plpgsql as
              'begin raise exception ''no room'' using errcode = ''53100''; end';
            create trigger fail before {step} on blog.idempotency_key for each row execute function public.fail();
            """
        );
        var rows = await RowsAsync();

        var failed = await api.PostAsync("/users", NewUser, (Key, "k"));
        var patched = await api.PatchAsync("/users/2", """{"bio":"hi"}""", (Key, "k"));
        var kept = await RowsAsync();
        await api.Database.ExecuteAsync("drop trigger fail on blog.idempotency_key");
        var done = await api.PostAsync("/users", NewUser, (Key, "k"));
        var again = await api.PostAsync("/users", NewUser, (Key, "k"));

        Assert.Equal((503, "storage_full"), (failed.Status, CodeOf(failed)));
        Assert.Equal((503, "storage_full"), (patched.Status, CodeOf(patched)));
        Assert.Equal(rows, kept);
        Assert.Equal((201, null), (done.Status, done[Replayed]));
        Assert.Equal((done.Outcome, "?1"), (again.Outcome, again[Replayed]));
    }

    [Fact]
    public async Task Where_the_connection_breaks_between_effect_and_record_neither_is_there_and_it_is_done_again()
    {
        await api.Database.ExecuteAsync(
            """
            create function public.hold() returns trigger language plpgsql as
              'begin perform pg_advisory_xact_lock_shared(7); return new; end';
            create trigger hold before update on blog.idempotency_key for each row execute function public.hold();
            """
        );
        var rows = await RowsAsync();
        await using var holder = await BeginAsync("select pg_advisory_xact_lock(7)");

        var cut = api.PostAsync("/users", NewUser, (Key, "k"));
        await api.Database.UntilWaitingAsync(1);
        await api.Database.ExecuteAsync(
            $"select pg_terminate_backend(pid) from pg_stat_activity where {holder.ProcessID} = any(pg_blocking_pids(pid))"
        );
        await api.Database.UntilWaitingAsync(1);
        var kept = await RowsAsync();
        await EndAsync(holder, "rollback");
        var done = await cut;
        var again = await api.PostAsync("/users", NewUser, (Key, "k"));

        Assert.Equal(rows, kept);
        Assert.Equal((201, null), (done.Status, done[Replayed]));
        Assert.Equal((done.Outcome, "?1"), (again.Outcome, again[Replayed]));
        Assert.Equal(["1"], await api.Database.ListAsync("select count(*) from blog.idempotency_key"));
    }

    [Fact]
    public async Task The_names_in_the_answer_to_a_change_are_those_of_its_epoch()
    {
        // A tag is renamed between two statements of the read, which is held up at the posts.
        await api.Database.ExecuteAsync("insert into blog.post_tag values (2, 1)");
        await using var holder = await BeginAsync("lock table blog.post in access exclusive mode");

        var patch = api.PatchAsync("/users/2", """{"bio":"hi"}""", (Key, "k"));
        await api.Database.UntilWaitingAsync(1);
        await api.Database.ExecuteAsync(
            "update blog.tag set name = 'ours' where id = 1; update blog.tag_epoch set epoch = 2"
        );
        await EndAsync(holder, "rollback");

        Assert.Contains("""[{"name":"ours","id":1}]""", (await patch).Body, StringComparison.Ordinal);
        Assert.Equal("\"u2.2-2\"", (await patch)["ETag"]);
        Assert.Equal((await patch).Body, (await api.GetAsync("/users/2")).Body);
        Assert.Equal("\"u2.2-2\"", (await api.GetAsync("/users/2"))["ETag"]);
        await api.Database.ExecuteAsync("update blog.tag set name = 'hers' where id = 1");
    }

    /// <summary>Sends it again for as long as it is told that another is at it.</summary>
    static async Task<Answer> RepeatAsync(Func<Task<Answer>> send)
    {
        Answer? answer = null;
        await Eventually.HoldsAsync(
            async () => (answer = await send()) is not { Status: 409 },
            "the first is done",
            seconds: 30
        );
        return answer!;
    }

    static string? CodeOf(Answer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    /// <summary>Where every row lies and which transaction wrote it.</summary>
    Task<string[]> RowsAsync() =>
        api.Database.ListAsync(
            """
            select format('user %s %s', ctid, xmin) from blog.users
            union all select format('profile %s %s', ctid, xmin) from blog.profile
            union all select format('post %s %s', ctid, xmin) from blog.post
            union all select format('tag %s %s', ctid, xmin) from blog.tag
            union all select format('key %s %s', ctid, xmin) from blog.idempotency_key
            order by 1
            """
        );

    async Task<NpgsqlConnection> BeginAsync(string sql)
    {
        var connection = await api.Database.OpenAsync();
        await EndAsync(connection, $"begin; {sql}");
        return connection;
    }

    static async Task EndAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
