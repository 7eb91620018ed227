using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Blog.Testing;

namespace Blog.Api.Tests.Requests;

/// <summary>What a client is told when the database has done a write and could not say so.</summary>
public sealed class LostAnswerTests(PostgresServer server) : IAsyncLifetime
{
    const string NewUser = """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["red"]}]}""";

    const string NewPost = """{"title":"New","content":"C"}""";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    readonly Wire connection = Wire.InFrontOf(server.ConnectionString("blog_app", "postgres"));
    BlogApi api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await BlogApi.StartAsync(server, connection.Options);
        await api.Database.ExecuteAsync("insert into blog.users (name) values ('Ben')");
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task A_write_without_a_key_is_told_that_it_may_be_done()
    {
        connection.LoseTheAnswerTo("COMMIT\0");

        var answer = await api.PostAsync("/users/1/posts", NewPost);

        Assert.Equal((503, "outcome_unknown", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
        Assert.Equal(["New"], await TitlesAsync());
    }

    [Fact]
    public async Task So_is_one_that_is_a_single_round_trip()
    {
        connection.LoseTheAnswerTo("users/create_user 1");

        var answer = await api.PostAsync("/users", NewUser);

        Assert.Equal((503, "outcome_unknown", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
        Assert.Equal(["Ben", "Ann"], await NamesAsync());
    }

    [Fact]
    public async Task So_is_one_whose_server_is_told_to_end_while_it_commits()
    {
        connection.EndInPlaceOfTheAnswerTo("COMMIT\0");

        var answer = await api.PostAsync("/users/1/posts", NewPost);

        Assert.Equal((503, "outcome_unknown", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
        Assert.Equal(["New"], await TitlesAsync());
    }

    [Fact]
    public async Task So_is_one_that_the_driver_gives_up_while_it_commits()
    {
        await using var impatient = await BlogApi.StartAsync(server, connection.Options + ";Command Timeout=2");
        await impatient.Database.ExecuteAsync(
            """
            create function public.wait() returns trigger language plpgsql as $$ begin perform pg_sleep(4); return null; end $$;
            create constraint trigger wait after insert on blog.users deferrable initially deferred
              for each row execute function public.wait();
            """
        );
        var writing = impatient.PostAsync("/users", NewUser);
        await Eventually.HoldsAsync(
            async () =>
                await impatient.Database.ListAsync(
                    "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
                )
                    is [_],
            "it is being committed"
        );
        connection.FallSilent();

        var answer = await writing;

        Assert.Equal((503, "outcome_unknown", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
        await Eventually.HoldsAsync(
            async () => await impatient.Database.ListAsync("select name from blog.users") is ["Ann"],
            "it is stored"
        );
        // Only now may the cancellation get through that is on its way.
        connection.Pass();
    }

    [Fact]
    public async Task And_with_a_key_it_is_answered_all_the_same()
    {
        connection.EndInPlaceOfTheAnswerTo("idempotency/commit_answer 1");

        var answer = await api.PostAsync("/users", NewUser, ("Idempotency-Key", "k"));

        Assert.Equal((201, "/users/2"), (answer.Status, answer["Location"]));
        Assert.Equal(["Ben", "Ann"], await NamesAsync());
    }

    [Fact]
    public async Task So_is_one_of_a_single_statement()
    {
        connection.LoseTheAnswerTo("users/replace_user 1");

        var answer = await api.PutAsync("/users/1", """{"name":"Benno"}""");

        Assert.Equal((503, "outcome_unknown"), (answer.Status, CodeOf(answer)));
        Assert.Equal(["Benno"], await NamesAsync());
    }

    [Fact]
    public async Task A_write_with_a_key_is_answered_all_the_same_and_done_once()
    {
        connection.LoseTheAnswerTo("idempotency/commit_answer 1");

        var answer = await api.PostAsync("/users", NewUser, ("Idempotency-Key", "k"));
        var again = await api.PostAsync("/users", NewUser, ("Idempotency-Key", "k"));

        Assert.Equal((201, "/users/2"), (answer.Status, answer["Location"]));
        Assert.Equal((answer.Outcome, "?1"), (again.Outcome, again["Idempotency-Replayed"]));
        Assert.Equal(["Ben", "Ann"], await NamesAsync());
    }

    [Fact]
    public async Task A_write_that_was_not_yet_to_be_committed_is_done_again()
    {
        connection.LoseTheAnswerTo("posts/create_post 1");

        var answer = await api.PostAsync("/users/1/posts", NewPost);

        // Its number was drawn twice, and the strict budget of one attempt is not that of two.
        Assert.Equal(
            (201, "/posts/2", "stmts=6, trips=5, rows=1, budget=ok"),
            (answer.Status, answer["Location"], answer["Blog-SQL"])
        );
        Assert.Equal(["New"], await TitlesAsync());
    }

    [Fact]
    public async Task So_is_a_read()
    {
        connection.LoseTheAnswerTo("users/get_user 1");

        var answer = await api.GetAsync("/users/1");

        Assert.Equal("""200 {"name":"Ben","id":1,"profile":null,"posts":[]}""", answer.Outcome);
    }

    [Fact]
    public async Task Where_nothing_comes_back_any_more_all_end_with_their_deadline()
    {
        // More than the thread pool begins with, each with a connection of its own.
        const int clients = 12;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => api.GetAsync("/users/1")));
        connection.FallSilent();
        var start = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, clients).Select(_ => api.GetAsync("/users/1", ("Prefer", "wait=1")))
        );
        var took = Stopwatch.GetElapsedTime(start);
        connection.Pass();

        Assert.All(answers, answer => Assert.InRange(answer.Status, 503, 504));
        // The driver alone lets go after three seconds.
        Assert.InRange(took.TotalSeconds, 1, 2.5);
        Assert.Equal(200, (await api.GetAsync("/users/1")).Status);
    }

    [Fact]
    public async Task A_write_that_is_stored_and_cannot_be_read_back_is_neither_done_again_nor_told_to_have_failed()
    {
        connection.LoseTheAnswerTo("users/get_user 1");

        var answer = await api.PutAsync("/users/1", """{"name":"Benno"}""", ("If-Match", "\"u1.1-1\""));

        Assert.Equal((503, "outcome_unknown"), (answer.Status, CodeOf(answer)));
        Assert.Equal(
            ["Benno 2"],
            await api.Database.ListAsync("select concat_ws(' ', name, version) from blog.users order by id")
        );
    }

    [Fact]
    public async Task An_export_that_has_not_begun_says_why()
    {
        connection.LoseTheAnswerTo("users/export_users 1");

        var answer = await api.GetAsync("/export/users");

        Assert.Equal((503, "database_unavailable", "1"), (answer.Status, CodeOf(answer), answer["Retry-After"]));
    }

    [Fact]
    public async Task One_that_has_begun_breaks_off()
    {
        await api.Database.ExecuteAsync(
            "insert into blog.post (author_id, title, content) select 1, 'T', repeat('C', 1000) from generate_series(1, 200)"
        );
        using var client = new HttpClient { BaseAddress = api.Address };
        await api.GetAsync("/export/users?after_id=1");
        connection.BytesPerSecond = 20_000;

        using var answer = await client.GetAsync("/export/users", HttpCompletionOption.ResponseHeadersRead, Token);
        connection.Reset();
        connection.Pass();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(200, (await api.GetAsync("/users/1")).Status);
    }

    [Fact]
    public async Task So_is_a_read_that_is_cut_off_between_two_rows()
    {
        await api.Database.ExecuteAsync(
            "insert into blog.post (author_id, title, content) select 1, 'T', repeat(md5(n::text), 3000) from generate_series(1, 60) n"
        );
        connection.BytesPerSecond = 200_000;

        var read = api.GetAsync("/users/1");
        await Eventually.HoldsAsync(
            async () =>
                await api.Database.ListAsync(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'ClientWrite'"
                )
                    is ["1"],
            "the server cannot send the rest"
        );
        connection.Reset();
        connection.Pass();

        var answer = await read;
        Assert.Equal((200, 60), (answer.Status, answer.Body.Split("\"author_id\":1").Length - 1));
    }

    Task<string[]> NamesAsync() => api.Database.ListAsync("select name from blog.users order by id");

    Task<string[]> TitlesAsync() => api.Database.ListAsync("select title from blog.post order by id");

    static string? CodeOf(Answer answer) => JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetString();
}
