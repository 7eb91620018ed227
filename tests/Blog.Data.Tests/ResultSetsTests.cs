using System.Data.Common;
using Blog.Data.Catalogue;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests;

/// <summary>What is seen of a statement that fails between two of its rows.</summary>
public sealed class ResultSetsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    static readonly Query divides = Query.Parse(
        "tests/divide",
        """
        -- tests/divide: fails at its third row.  nobody
        -- in:     nothing
        -- out:    1 numbers 0..5
        -- budget: statements 2, rows 6
        -- plan:   none
        /* tests/divide 1 */
        select 12 / (3 - n) as number, n as other from pg_catalog.generate_series(1, 5) as n;

        /* tests/divide 2 */
        select 1;
        """
    );

    static readonly Query ends = Query.Parse(
        "tests/end",
        """
        -- tests/end: ends its own connection at its third row.  nobody
        -- in:     nothing
        -- out:    1 numbers 0..5
        -- budget: statements 2, rows 6
        -- plan:   none
        /* tests/end 1 */
        select case when n = 3 then pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())::int else n end as number, n as other
        from pg_catalog.generate_series(1, 5) as n;

        /* tests/end 2 */
        select 1;
        """
    );

    static readonly Query endsWriting = Query.Parse(
        "tests/write",
        """
        -- tests/write: would write a row, and ends its own connection behind it.  nobody
        -- in:     nothing
        -- out:    1 tag 1, 2 ended 1
        -- budget: statements 2, rows 2
        -- plan:   none
        /* tests/write 1 */
        insert into blog.tag (name) values ('made') returning id::int as number, id::int as other;

        /* tests/write 2 */
        select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());
        """
    );

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_between_two_rows_is_the_server_s_own()
    {
        await using var data = new BlogData(database.AppConnectionString);
        await using var session = await data.OpenAsync(Token);
        await using var sets = await BlogData.QueryAsync(session, divides, null, null, Token);

        var failure = await Assert.ThrowsAsync<PostgresException>(sets.ReadAsync<Row>);

        Assert.Equal(PostgresErrorCodes.DivisionByZero, failure.SqlState);
    }

    [Fact]
    public async Task And_where_a_row_is_several_objects()
    {
        await using var data = new BlogData(database.AppConnectionString);
        await using var session = await data.OpenAsync(Token);
        await using var sets = await BlogData.QueryAsync(session, divides, null, null, Token);

        var failure = await Assert.ThrowsAsync<PostgresException>(() =>
            sets.ReadFirstOrNoneAsync<Number, Other, string>((number, other) => $"{number} {other}", splitOn: "other")
        );

        Assert.Equal(PostgresErrorCodes.DivisionByZero, failure.SqlState);
    }

    [Fact]
    public async Task A_connection_that_is_ended_between_two_rows_is_lost()
    {
        await using var data = new BlogData(database.AppConnectionString);
        await using var session = await data.OpenAsync(Token);
        await using var sets = await BlogData.QueryAsync(session, ends, null, null, Token);

        var failure = await Assert.ThrowsAnyAsync<DbException>(sets.ReadAsync<Row>);

        Assert.Equal(FailureKind.Unavailable, DatabaseFailure.Of(failure)?.Kind);
    }

    [Fact]
    public async Task So_it_is_where_the_rows_are_a_stream()
    {
        await using var data = new BlogData(database.AppConnectionString);
        await using var session = await data.OpenStreamAsync(Token);
        await using var sets = await BlogData.StreamAsync(session, ends, null, Token);

        var failure = await Assert.ThrowsAnyAsync<DbException>(() => CountAsync(sets));

        Assert.Equal(FailureKind.Unavailable, DatabaseFailure.Of(failure)?.Kind);
    }

    [Fact]
    public async Task Of_a_write_whose_connection_is_ended_nobody_knows()
    {
        await using var data = new BlogData(database.AppConnectionString);
        await using var session = await data.OpenAsync(Token);

        await Assert.ThrowsAsync<OutcomeUnknownException>(async () =>
        {
            await using var sets = await BlogData.QueryAsync(session, endsWriting, null, null, Token);
            await sets.ReadAsync<Row>();
        });
    }

    [Fact]
    public async Task Nor_where_a_row_is_several_objects()
    {
        await using var data = new BlogData(database.AppConnectionString);
        await using var session = await data.OpenAsync(Token);

        await Assert.ThrowsAsync<OutcomeUnknownException>(async () =>
        {
            await using var sets = await BlogData.QueryAsync(session, endsWriting, null, null, Token);
            await sets.ReadFirstOrNoneAsync<Number, Other, string>(
                (number, other) => $"{number} {other}",
                splitOn: "other"
            );
        });
    }

    static async Task<int> CountAsync(ResultSets sets)
    {
        var count = 0;
        await foreach (var _ in sets.StreamAsync<Row>(Token))
            count++;
        return count;
    }

    sealed record Row(int Number, int Other);

    sealed record Number(int Value);

    sealed record Other(int Value);
}
