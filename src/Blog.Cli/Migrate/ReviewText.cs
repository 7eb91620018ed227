using System.Globalization;
using Blog.Data.Migrations.Review;

namespace Blog.Cli.Migrate;

/// <summary>What <c>blog migrate lint</c> says on a terminal.</summary>
static class ReviewText
{
    public static string Of(MigrationReview review, int scripts) =>
        string.Join(
            Environment.NewLine,
            [
                .. review.Findings.Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.Script}:{one.Line} {one.Rule}: {one.Problem}{Environment.NewLine}  safe: {one.SafeForm}"
                    )
                ),
                .. review.Allowances.Select(one =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{one.Script}:{one.Line} {one.Rule} is allowed: {one.Reason}"
                    )
                ),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{scripts} script{(scripts == 1 ? "" : "s")}: {review.Findings.Count} found, {review.Allowances.Count} allowed."
                ),
            ]
        );
}
