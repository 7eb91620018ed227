using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Testing;

namespace Blog.Data.Tests.Catalogue;

/// <summary>sql/footprint.txt says what a server reads in the statements.</summary>
public sealed class FootprintTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_committed_file_is_what_this_server_reads_in_the_statements()
    {
        await database.ExecuteAsync("create extension if not exists pg_stat_statements");

        var derived = await FootprintProbe.DeriveAsync(
            database.SuperuserConnectionString,
            TestContext.Current.CancellationToken
        );

        // Renewed by: blog sql footprint --derive > sql/footprint.txt
        Assert.Equal(Repository.Read("sql/footprint.txt"), Footprint.Write(derived));
    }

    [Fact]
    public void Every_statement_has_one() =>
        Assert.Equal(
            QueryCatalogue.All.SelectMany(query =>
                Enumerable.Range(1, query.Statements.Count).Select(number => $"{query.Id} {number}")
            ),
            Footprint.All.Select(footprint => footprint.Name)
        );

    [Fact]
    public void What_is_written_is_read_back() =>
        Assert.Equal(Repository.Read("sql/footprint.txt"), Footprint.Write(Footprint.All));

    [Fact]
    public void Names_what_is_read_written_locked_called_drawn_and_returned()
    {
        var create = Footprint.Find(QueryCatalogue.Find("users/create_user"), 2)!;
        var reserve = Footprint.Find(QueryCatalogue.Find("users/reserve_ids"), 1)!;
        var clear = Footprint.Find(QueryCatalogue.Find("idempotency/clear_expired_keys"), 1)!;

        Assert.Equal(
            [
                "insert post author_id, title, content",
                "insert post_tag post_id, tag_id",
                "insert profile user_id, bio",
                "insert users name",
                "select post id",
                "select profile id",
                "select tag id, name",
                "select tag_epoch epoch",
                "select users id, version",
                "update tag ",
            ],
            create.Uses.Select(Text).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["paired_characters", "post_words", "search_text"], create.Functions);
        Assert.Empty(create.Sequences);
        Assert.Equal(["users_id_seq", "post_id_seq"], reserve.Sequences);
        Assert.Equal(
            ["kind integer", "id bigint", "version bigint", "name text", "tag_epoch bigint"],
            create.Returns.Select(column => column.ToString())
        );
        Assert.Equal(
            ["delete idempotency_key ", "select idempotency_key scope, expires_at", "update idempotency_key "],
            clear.Uses.Select(Text).Order(StringComparer.Ordinal)
        );

        static string Text(TableUse use) =>
            $"{use.Verb} {use.Table} {string.Join(", ", use.Columns.Select(column => column.Name))}";
    }
}
