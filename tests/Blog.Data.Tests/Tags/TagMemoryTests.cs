using System.Globalization;
using Blog.Data.Idempotency;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Tags;

/// <summary>Names are asked for once, and none is shown that was not true at the epoch that it is shown with.</summary>
public sealed class TagMemoryTests(PostgresServer server) : IAsyncLifetime
{
    TestDatabase database = null!;
    BlogData data = null!;
    UserRepository users = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Ann has red, blue and blue again, Ben blue and green.</summary>
    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync(server);
        data = new(database.AppConnectionString + ";Options=-c lock_timeout=60s -c statement_timeout=60s");
        users = new(data);
        await users.CreateUserAsync(Samples.Ann, once: null, Token);
        await users.CreateUserAsync(Samples.Ben, once: null, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await data.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Names_that_are_known_are_not_asked_for_again()
    {
        Assert.Equal("users_get_user tags_get_tag_names", await TripsAsync(() => ReadAsync(1)));
        Assert.Equal("users_get_user", await TripsAsync(() => ReadAsync(1)));
        // Of Ben's two tags one is known.
        Assert.Equal("users_get_user tags_get_tag_names", await TripsAsync(() => ReadAsync(2)));
        Assert.Equal("users_get_user", await TripsAsync(() => ReadAsync(2)));
        Assert.Equal("1: First [blue red], Second [blue] at 1", await ReadAsync(1));
        Assert.Equal("2: Other [blue green] at 1", await ReadAsync(2));
    }

    [Fact]
    public async Task A_rename_is_seen_by_the_next_read()
    {
        await ReadAsync(1);
        await new TagRepository(data).RenameTagAsync(await IdOfAsync("red"), new("crimson"), null, Token);

        Assert.Equal("1: First [blue crimson], Second [blue] at 2", await ReadAsync(1));
        Assert.Equal("2: Other [blue green] at 2", await ReadAsync(2));
    }

    [Fact]
    public async Task A_rename_between_a_graph_and_its_names_has_both_read_again_in_one_snapshot()
    {
        await using var holder = await HoldTagsAsync();

        var trips = "";
        var read = Task.Run(async () =>
        {
            using var usage = SqlUsage.Begin(() => new(3, 2), isStrict: true);
            var user = await ReadAsync(1);
            trips = string.Join(' ', usage.RoundTrips.Select(trip => trip.Name));
            Assert.False(usage.IsOver);
            return user;
        });
        await database.UntilWaitingAsync(1);
        await RenameAsync(holder);

        Assert.Equal("1: First [blue crimson], Second [blue] at 2", await read);
        Assert.Equal("users_get_user tags_get_tag_names users_get_user tags_get_tag_names", trips);
        Assert.Equal("users_get_user", await TripsAsync(() => ReadAsync(1)));
    }

    [Fact]
    public async Task So_has_a_page()
    {
        await using var holder = await HoldTagsAsync();
        var page = new Lists.PageRead<long>(UserListRepository.Paths[0], 0, 10, Lists.CountMode.None);

        var read = new UserListRepository(data).ListUsersAsync(page, new(null, null), new(10), Token);
        await database.UntilWaitingAsync(1);
        await RenameAsync(holder);

        Assert.Equal(
            ["blue crimson", "blue", "blue green"],
            (await read).Items.SelectMany(user => user.Posts).Select(post => NamesOf(post))
        );
    }

    [Fact]
    public async Task In_a_transaction_of_the_caller_a_rename_in_between_undoes_what_was_done()
    {
        await using var holder = await HoldTagsAsync();
        var once = new Once<WrittenUser>(
            new byte[32],
            new byte[32],
            _ => throw new InvalidOperationException("There is no answer to store.")
        );

        var patch = users.PatchUserAsync(1, new("Anna", ChangesBio: false, Bio: null), null, null, 10, once, Token);
        await database.UntilWaitingAsync(1);
        await RenameAsync(holder);

        await Assert.ThrowsAsync<WriteConflictException>(() => patch);
        Assert.Equal(["Ann", "Ben"], await database.ListAsync("select name from blog.users order by id"));
    }

    [Fact]
    public async Task Behind_a_connection_that_was_lost_may_be_another_server()
    {
        await ReadAsync(1);
        // The same epoch of other names, as on a server that has not heard of the last rename.
        await database.ExecuteAsync(
            """
            update blog.tag set name = 'scarlet' where name = 'red';
            select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'blog_app';
            """
        );

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ReadAsync(1));

        Assert.Equal("1: First [blue scarlet], Second [blue] at 1", await ReadAsync(1));
    }

    [Fact]
    public async Task More_than_are_kept_are_read_all_the_same()
    {
        var memory = new TagMemory(most: 2);

        var first = await KnowAsync(memory, "red", "blue", "green");
        var again = await KnowAsync(memory, "green");

        Assert.Equal(("red blue green", "tags_get_tag_names"), first);
        Assert.Equal(("green", "tags_get_tag_names"), again);
        Assert.Equal(("green", ""), await KnowAsync(memory, "green"));
    }

    /// <summary>Eight rename, four merge and four delete, while four read. What each name was at each epoch the database itself has written down.</summary>
    [Fact]
    public async Task No_reader_sees_a_name_that_was_never_true_at_its_epoch()
    {
        await database.ExecuteAsync(
            """
            insert into blog.tag (name) select 'tag ' || n from generate_series(1, 300) n;
            insert into blog.post_tag (post_id, tag_id)
            select p.id, t.id from blog.post p join blog.tag t on t.name like 'tag %' and t.id % 3 = p.id % 3 limit 400;
            create table public.was (epoch bigint not null, id bigint not null, name text not null);
            insert into public.was select 1, id, name from blog.tag;
            create function public.write_down() returns trigger language plpgsql security definer as
              $$ begin insert into public.was select new.epoch, t.id, t.name from blog.tag t; return null; end $$;
            -- At the end of its transaction, when the names are those of the new epoch.
            create constraint trigger write_down after update on blog.tag_epoch
              deferrable initially deferred for each row execute function public.write_down();
            """
        );
        var ids = await database.ListAsync("select id from blog.tag where name like 'tag %' order by id");
        var next = -1;
        var stop = new CancellationTokenSource();

        var readers = Enumerable.Range(0, 4).Select(n => SeeAsync(1 + n % 2, stop.Token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(WriteAsync));
        await stop.CancelAsync();
        var seen = (await Task.WhenAll(readers)).SelectMany(names => names).ToHashSet(StringComparer.Ordinal);

        var was = await database.ListAsync("select concat_ws(' ', epoch, id, name) from public.was");
        Assert.Empty(seen.Except(was, StringComparer.Ordinal));
        Assert.InRange(seen.Select(name => name.Split(' ')[0]).Distinct(StringComparer.Ordinal).Count(), 20, 161);
        Assert.Equal(["161"], await database.ListAsync("select epoch from blog.tag_epoch"));

        async Task WriteAsync(int client)
        {
            var tags = new TagRepository(data);
            for (var round = 0; round < 10; round++)
            {
                var id = long.Parse(ids[Interlocked.Increment(ref next)], CultureInfo.InvariantCulture);
                var done = (client % 4) switch
                {
                    0 => await tags.DeleteTagAsync(id, intoId: null, null, Token) is Written<bool>.Done,
                    1 => await tags.DeleteTagAsync(id, intoId: id + 100, null, Token) is Written<bool>.Done,
                    _ => await tags.RenameTagAsync(id, new($"{client} {round}"), null, Token) is Written<Tag>.Done,
                };
                Assert.True(done);
            }
        }
    }

    /// <summary>Every name that was shown: its epoch, its id, and itself.</summary>
    async Task<HashSet<string>> SeeAsync(long userId, CancellationToken stop)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
        {
            var user = await users.GetUserAsync(userId, 10, Token);
            seen.UnionWith(
                user!.Posts.SelectMany(post => post.Tags).Select(tag => $"{user.Revision.TagEpoch} {tag.Id} {tag.Name}")
            );
        }

        return seen;
    }

    async Task<string> ReadAsync(long userId)
    {
        var user = await users.GetUserAsync(userId, 10, Token);
        var posts = user!.Posts.Select(post => $"{post.Title} [{NamesOf(post)}]");
        return $"{user.Id}: {string.Join(", ", posts)} at {user.Revision.TagEpoch}";
    }

    static string NamesOf(Post post) =>
        string.Join(' ', post.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal));

    static async Task<string> TripsAsync(Func<Task> read)
    {
        using var usage = SqlUsage.Begin();
        await read();
        return string.Join(' ', usage.RoundTrips.Select(trip => trip.Name));
    }

    /// <summary>The names of these tags by way of a memory, and what it asked for.</summary>
    async Task<(string Names, string Trips)> KnowAsync(TagMemory memory, params string[] names)
    {
        var ids = (
            await database.ListAsync(
                $"select id from unnest(string_to_array('{string.Join(',', names)}', ',')) n join blog.tag t on t.name = n"
            )
        )
            .Select(id => long.Parse(id, CultureInfo.InvariantCulture))
            .ToArray();
        await using var session = await data.OpenAsync(Token);
        var told = "";
        var trips = await TripsAsync(async () =>
            told = (
                await memory.ReadAsync(
                    session,
                    transaction: null,
                    _ =>
                        Task.FromResult<Unnamed<string>?>(
                            new(1, [ids], tags => string.Join(' ', tags.Of(ids).Select(tag => tag.Name)))
                        ),
                    Token
                )
            )!
        );
        return (told, trips);
    }

    async Task<long> IdOfAsync(string name) =>
        long.Parse(
            (await database.ListAsync($"select id from blog.tag where name = '{name}'"))[0],
            CultureInfo.InvariantCulture
        );

    /// <summary>A transaction that lets nobody read a tag; their links can be read.</summary>
    async Task<NpgsqlConnection> HoldTagsAsync()
    {
        var holder = await database.OpenAsync();
        await ExecuteAsync(holder, "begin; lock table blog.tag in access exclusive mode");
        return holder;
    }

    static Task RenameAsync(NpgsqlConnection holder) =>
        ExecuteAsync(
            holder,
            "update blog.tag set name = 'crimson' where name = 'red'; update blog.tag_epoch set epoch = epoch + 1; commit"
        );

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
