using Blog.Data.Catalogue;

namespace Blog.Data.Tests.Catalogue;

/// <summary>What is sent where little time is left.</summary>
public sealed class TimeLimitTests
{
    static readonly Query alone = QueryCatalogue.Find("users/get_user_revision");
    static readonly Query framed = QueryCatalogue.Find("posts/get_post");

    [Theory]
    // Never shorter than what is left; the role's own five seconds are enough above four.
    [InlineData(0, "250ms")]
    [InlineData(250, "250ms")]
    [InlineData(251, "500ms")]
    [InlineData(999, "1000ms")]
    [InlineData(1001, "2000ms")]
    [InlineData(4000, "4000ms")]
    public void The_first_step_is_taken_that_is_not_shorter(int milliseconds, string limit) =>
        Assert.StartsWith(
            $"set local statement_timeout = '{limit}';\n\n/* users/get_user_revision 1 */",
            alone.TextWithin(TimeSpan.FromMilliseconds(milliseconds), isInTransaction: true),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_without_a_transaction_gets_one() =>
        Assert.Equal(
            $"begin;\nset local statement_timeout = '1000ms';\n\n{alone.Text}\n\ncommit;",
            alone.TextWithin(TimeSpan.FromSeconds(1), isInTransaction: false)
        );

    [Fact]
    public void A_file_with_a_transaction_keeps_its_isolation()
    {
        var text = framed.TextWithin(TimeSpan.FromSeconds(1), isInTransaction: false);

        Assert.StartsWith(
            "begin isolation level repeatable read read only;\nset local statement_timeout = '1000ms';\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Equal(
            framed.Text,
            text.Replace("set local statement_timeout = '1000ms';\n", "", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(4001)]
    [InlineData(10_000)]
    public void Where_the_role_gives_no_more_the_file_is_sent_as_it_is(int milliseconds) =>
        Assert.Same(alone.Text, alone.TextWithin(TimeSpan.FromMilliseconds(milliseconds), isInTransaction: false));

    [Fact]
    public void And_where_nobody_waits() => Assert.Same(alone.Text, alone.TextWithin(null, isInTransaction: false));
}
