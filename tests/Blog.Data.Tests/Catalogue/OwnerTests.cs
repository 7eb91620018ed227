using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Tests.Catalogue;

/// <summary>Whose rows a statement may write is said in the statement itself, in one form.</summary>
public sealed partial class OwnerTests
{
    static readonly string[] owned = ["users", "profile", "post", "post_tag"];

    [Fact]
    public void Every_file_that_writes_what_belongs_to_somebody_takes_the_owner() =>
        Assert.Equal(
            [
                "posts/add_post_tags",
                "posts/create_post",
                "posts/delete_post",
                "posts/delete_post_tag",
                "posts/patch_post",
                "posts/replace_post",
                "posts/replace_post_tags",
                // A tag belongs to nobody, and to delete one is for administrators.
                "tags/delete_tag: whoever's",
                // New users.
                "users/create_user: whoever's",
                "users/create_users: whoever's",
                "users/delete_profile",
                "users/delete_user",
                "users/delete_user_keep_posts",
                "users/patch_user",
                "users/put_profile",
                "users/replace_user",
            ],
            Footprint
                .All.Where(footprint =>
                    footprint.Uses.Any(use =>
                        owned.Contains(use.Table, StringComparer.Ordinal) && use.Verb is not "select"
                    )
                )
                .Select(footprint => footprint.Query)
                .Distinct()
                .Select(query => TakesOwner(query) ? query.Id : $"{query.Id}: whoever's")
        );

    [Fact]
    public void The_owner_stands_in_every_statement_that_writes_and_in_one_form_only()
    {
        var statements = QueryCatalogue
            .All.Where(TakesOwner)
            .SelectMany(query => query.Statements)
            .Select(statement => Regex.Replace(statement, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .ToArray();

        Assert.All(
            statements,
            statement =>
            {
                Assert.DoesNotContain(":ownerId", Form().Replace(statement, ""), StringComparison.Ordinal);
                if (Write().IsMatch(statement))
                    Assert.Matches(Form(), statement);
            }
        );
        Assert.Equal(14, statements.Count(statement => Write().IsMatch(statement)));
    }

    static bool TakesOwner(Query query) =>
        query.Parameters.Any(parameter => parameter.Name == "ownerId" && parameter.Type == "bigint");

    [GeneratedRegex(
        @"\(:ownerId::bigint is null or (u\.id|heir\.id|p\.author_id) = :ownerId\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();

    [GeneratedRegex(
        @"\b(update|delete from|insert into) blog\.(users|profile|post|post_tag)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Write();
}
