using Blog.Data.Migrations.Review;

namespace Blog.Data.Tests.Migrations.Review;

public class AllowanceTests
{
    const string Header = "-- 0002_try: a script.\n-- why:   to be reviewed.\n-- locks: see below.\n-- undo:  none.\n";

    [Theory]
    [InlineData("header", "", "select 1;")]
    [InlineData("comment", Header, "alter table blog.post add column n int;")]
    [InlineData(
        "foreign-key-index",
        Header,
        "alter table blog.post add constraint f foreign key (n) references blog.t (n) not valid;"
    )]
    [InlineData("unbatched-update", Header, "update blog.post set n = 1;")]
    [InlineData("qualified-name", Header, "insert into post (n) values (1);")]
    [InlineData("named-constraint", Header, "alter table blog.post add check (n > 0) not valid;")]
    [InlineData(
        "volatile-default",
        Header,
        "alter table blog.post add column n float default random();\ncomment on column blog.post.n is 'N.';"
    )]
    [InlineData("column-type", Header, "alter table blog.post alter column n type bigint;")]
    [InlineData("index-concurrently", Header, "create index post_n_idx on blog.post (n);")]
    [InlineData("constraint-not-valid", Header, "alter table blog.post add constraint c check (n > 0);")]
    [InlineData("set-not-null", Header, "alter table blog.post alter column n set not null;")]
    [InlineData("rename", Header, "alter table blog.post rename to entry;")]
    [InlineData("drop", Header, "alter table blog.post drop column n;")]
    [InlineData("table-lock", Header, "truncate blog.post;")]
    public void A_reason_above_the_statement_allows_it(string rule, string header, string sql)
    {
        var found = Review(header + sql);
        var allowed = Review($"{header}-- lint: allow {rule}: nobody uses it yet.\n{sql}");

        Assert.All(found.Findings, finding => Assert.Equal(rule, finding.Rule));
        Assert.NotEmpty(found.Findings);
        Assert.Empty(allowed.Findings);
        Assert.Equal(
            [new MigrationAllowance("0002_try.sql", header.Split('\n').Length, rule, "nobody uses it yet.")],
            allowed.Allowances
        );
    }

    [Theory]
    [InlineData(
        "-- lint: allow drop",
        "drop is allowed without a reason: the next reader cannot tell whether it still holds."
    )]
    [InlineData(
        "-- lint: allow drop:  ",
        "drop is allowed without a reason: the next reader cannot tell whether it still holds."
    )]
    [InlineData("-- lint: drop: no use", "The line allows nothing: it is not of the form of an allowance.")]
    [InlineData("-- lint: allow droop: no use", "There is no rule \"droop\".")]
    [InlineData("-- lint: allow allowance: no use", "There is no rule \"allowance\".")]
    [InlineData("-- lint: allow rename: no use", "rename is allowed, and the statement below does not break it.")]
    public void An_excuse_that_is_none_is_found_and_excuses_nothing(string line, string problem)
    {
        var review = Review($"{Header}select 1;\n{line}\nalter table blog.post drop column n;");

        Assert.Equal([problem], review.Findings.Where(one => one.Rule == "allowance").Select(one => one.Problem));
        Assert.Equal([6], review.Findings.Where(one => one.Rule == "allowance").Select(one => one.Line));
        Assert.Equal([7], review.Findings.Where(one => one.Rule == "drop").Select(one => one.Line));
        Assert.Empty(review.Allowances);
    }

    [Theory]
    [InlineData("-- lint: allow drop: no use\nselect 1;\nalter table blog.post drop column n;")]
    [InlineData("alter table blog.post drop column n;\n-- lint: allow drop: too late")]
    [InlineData("select '\n-- lint: allow drop: in a string\n';\nalter table blog.post drop column n;")]
    public void An_excuse_elsewhere_excuses_nothing(string sql) =>
        Assert.Contains(Review(Header + sql).Findings, finding => finding.Rule == "drop");

    static MigrationReview Review(string script) =>
        MigrationReview.Of([
            new(
                "0001_create_post.sql",
                "-- lint: allow header: of a test.\n-- lint: allow comment: of a test.\ncreate table blog.post (n int);"
            ),
            new("0002_try.sql", script),
        ])
            is var review
            ? review with
            {
                Allowances = [.. review.Allowances.Where(one => one.Script == "0002_try.sql")],
            }
            : null!;
}
