using Blog.Data.Catalogue;
using Blog.Data.Plans;

namespace Blog.Data.Tests.Plans;

/// <summary>The files of <c>sql/plans</c>: what they say, and what they may not.</summary>
public sealed class PlanFileTests
{
    public static TheoryData<string> Queries => [.. QueryCatalogue.All.Select(query => query.Id)];

    static string FileOf(string id) => Path.Combine(Repository.Root, "sql", "plans", $"{id}.plan");

    [Fact]
    public void Every_query_has_a_plan_file_and_every_plan_file_a_query()
    {
        var folder = Path.Combine(Repository.Root, "sql", "plans");
        var files = Directory
            .EnumerateFiles(folder, "*.plan", SearchOption.AllDirectories)
            .Select(file => Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

        Assert.Equal(QueryCatalogue.All.Select(query => query.Id), files);
        Assert.Equal(QueryCatalogue.All, PlanContracts.All.Select(contract => contract.Query));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_file_stands_as_the_approve_command_would_write_it(string id)
    {
        var file = File.ReadAllText(FileOf(id));

        Assert.Equal(file, PlanText.Write(PlanText.Parse(QueryCatalogue.Find(id), file)));
    }

    [Fact]
    public void Nothing_that_grows_with_the_posts_stands_without_its_reason()
    {
        Assert.Empty(PlanContracts.All.SelectMany(PlanEvaluator.Growth));
    }

    [Fact]
    public void Every_bound_is_approved_at_every_scale()
    {
        var missing =
            from contract in PlanContracts.All
            from one in contract.Cases
            from statement in Enumerable.Range(1, contract.Query.Statements.Count)
            where !contract.Allows(statement, PlanProperty.Buffers)
            from scale in PlanScale.All
            where one.Bounds.Of(statement, PlanBound.Buffers, scale) is null
            select $"{contract} {statement}, {one.Name}, {scale}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Says_its_cases_exceptions_and_bounds()
    {
        var contract = ContractOf(
            QueryCatalogue.Find("posts/create_post"),
            """
            given   userId=1 ownerId=null title='a ''quoted'' title' content=null
            reads   1 users_pkey
            except  1 whole post: it is small,
                    and stays so.

            case    three tags
            first   tags/find_or_create_tags names={red}
            with    tagIds={<1..3>,7<x2>,<posts/2>}
                    userId=<users+1>
            1       buffers                                     15           20            -
            1       removed                                     10           10        1,500

            """
        );

        var one = Assert.Single(contract.Cases);
        Assert.Equal("three tags", one.Name);
        var arguments = one.With.Arguments.Over(contract.Given.Arguments).At(PlanScale.Medium);
        Assert.Equal("{1,2,3,7,7,50000}", arguments["tagIds"]);
        Assert.Equal("5001", arguments["userId"]);
        Assert.Equal("a 'quoted' title", arguments["title"]);
        Assert.Null(arguments["content"]);
        Assert.Equal("tags/find_or_create_tags", Assert.Single(one.First).Query.Id);
        Assert.Equal([new(1, "users_pkey")], contract.Reads);
        Assert.True(contract.Allows(1, PlanProperty.Whole, "post"));
        Assert.False(contract.Allows(1, PlanProperty.Whole, "tag"));
        Assert.Equal([15, 20, null], PlanScale.All.Select(scale => one.Bounds.Of(1, PlanBound.Buffers, scale)));
        Assert.Equal(1500, one.Bounds.Of(1, PlanBound.Removed, PlanScale.Large));
        Assert.Equal(200, one.Bounds.Of(1, PlanBound.Sorted, PlanScale.Large));
    }

    [Theory]
    [InlineData("case    one\nwith    userId=1 taste=2\n", "line 5: users/find_user takes no taste.")]
    [InlineData("case    one\nwith    userId=1 2\n", "line 5: is no argument: 2.")]
    [InlineData("case    one\n", "line 5: the case \"one\" lacks userId.")]
    [InlineData("given   userId=1\ncase    one\ncase    one\n", "line 6: there are two cases \"one\".")]
    [InlineData("case    one\nwith    userId=1\n2       buffers 1 1 1\n", "line 6: there is no statement 2.")]
    [InlineData(
        "case    one\nwith    userId=1\n1       buffer 1 1 1\n",
        "line 6: nothing is called \"1       buffer 1 1 1\"."
    )]
    [InlineData("case    one\nfirst   users/nobody\n", "line 5: there is no query users/nobody.")]
    [InlineData(
        "except  1 whole: why\n",
        "line 4: an exception is: a statement's number, a property (whole with its table), a colon and a reason."
    )]
    [InlineData("", "line 4: it has no case.")]
    public void A_file_that_breaks_a_rule_is_refused_by_name_and_line(string body, string expected)
    {
        var refused = Assert.Throws<FormatException>(() => ContractOf(QueryCatalogue.Find("users/find_user"), body));

        Assert.Equal($"sql/plans/users/find_user.plan, {expected}", refused.Message);
    }

    /// <summary>A contract from what stands below the head of its file.</summary>
    internal static PlanContract ContractOf(Query query, string body) =>
        PlanText.Parse(
            query,
            $"""
            -- {query.Id}: what its plans may cost. Cases by hand, bounds by: blog sql contracts --approve
            -- at most, with this many posts:                 1,000      100,000    2,000,000

            {body}
            """
        );
}
