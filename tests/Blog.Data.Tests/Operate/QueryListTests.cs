using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Data.Tests.Operate;

/// <summary>What is said of a file of the catalogue, from what its statements were counted with.</summary>
public sealed class QueryListTests
{
    static readonly Query getPost = QueryCatalogue.Find("posts/get_post");
    static readonly Query getTag = QueryCatalogue.Find("tags/get_tag");

    static readonly SqlAudit audit = new(
        "blog_app",
        [
            new(getPost, 1, new(11, "", Calls: 4, TotalMs: 3, Rows: 4, BlocksHit: 10, BlocksRead: 5)),
            new(getPost, 2, new(12, "", Calls: 3, TotalMs: 1, Rows: 6, BlocksHit: 20, BlocksRead: 5)),
            new(getTag, 1, new(13, "", Calls: 9, TotalMs: 8, Rows: 0, BlocksHit: 0, BlocksRead: 0)),
        ],
        [],
        [],
        [],
        [],
        TotalMs: 16,
        Since: null
    );

    [Fact]
    public void Sums_the_statements_of_a_file_and_holds_them_against_all_that_was_sent()
    {
        var item = QueryItem.Of(getPost, audit);

        Assert.Equal(
            (4L, 1.0, 4.0, 10L, 0.25, 0.75),
            (item.Calls, item.MeanMs, item.TotalMs, item.Rows, item.Share, item.HitRatio)
        );
    }

    [Fact]
    public void A_file_that_looked_at_no_block_has_no_hit_ratio()
    {
        var item = QueryItem.Of(getTag, audit);

        Assert.Equal((9L, 0.889, 0.5, null), (item.Calls, item.MeanMs, item.Share, item.HitRatio));
    }

    [Fact]
    public void A_file_that_was_not_called_has_a_share_of_nothing()
    {
        var item = QueryItem.Of(QueryCatalogue.Find("users/get_user"), audit);

        Assert.Equal(
            (0L, null, 0.0, 0L, 0.0, null),
            (item.Calls, item.MeanMs, item.TotalMs, item.Rows, item.Share, item.HitRatio)
        );
    }

    [Fact]
    public void Nothing_is_said_where_nobody_asked()
    {
        var item = QueryItem.Of(getPost, null);

        Assert.Equal(
            (null, null, null, null, null, null),
            (item.Calls, item.MeanMs, item.TotalMs, item.Rows, item.Share, item.HitRatio)
        );
    }
}
