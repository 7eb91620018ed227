using System.Globalization;
using Blog.Data.Catalogue;
using Blog.Data.Plans;
using Blog.Data.Posts;

namespace Blog.Data.Operate;

/// <summary>
/// Sends once more what was sent, with the very same arguments, and measures both plans of each statement and holds them against its contract.
/// Nothing of it counts in the <see cref="SqlUsage"/> of the caller.
/// </summary>
public sealed class ReceiptProbe(StatementProbe probe)
{
    static readonly Dictionary<string, string?> noArguments = [];

    /// <summary>
    /// What only reads is executed, twice under each plan, of which the second time counts: at the first the session learns of the tables, and
    /// the blocks that it reads for that are nobody's plan. It happens in a transaction that can do nothing else and is rolled back. What writes,
    /// and what was only asked for its plan, is estimated.
    /// </summary>
    /// <param name="sent">In the order in which it was sent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A receipt a statement, in that order, and how many posts the planner reckons with: the bounds of a contract depend on it.</returns>
    /// <exception cref="System.Data.Common.DbException">A statement takes too long, does not fit the schema, or a right is missing.</exception>
    public async Task<(IReadOnlyList<StatementReceipt> Statements, long Posts)> MeasureAsync(
        IReadOnlyList<SentQuery> sent,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(sent);
        using var apart = SqlUsage.Begin();
        SentFile[] files =
        [
            .. sent.SelectMany(one =>
                one.Query.FileIds.Select(QueryCatalogue.Find)
                    .Select(file => new SentFile(
                        new(file, ArgumentText.OfMembers(one.Arguments)),
                        IsExecuted: !file.Writes && !one.Query.AsksForPlanOf(file)
                    ))
            ),
        ];
        var posts = await ReckonPostsAsync(cancellationToken);
        var generic = await PlanAsync(files, PlanMode.Generic, cancellationToken);
        var custom = await PlanAsync(files, PlanMode.Custom, cancellationToken);
        return (
            [
                .. files
                    .SelectMany(file =>
                        Enumerable
                            .Range(1, file.Probed.Query.Statements.Count)
                            .Select(number => (File: file, Number: number))
                    )
                    .Zip(generic, custom)
                    .Select(one => Receipt(one.First.File, one.First.Number, posts, one.Second, one.Third)),
            ],
            posts
        );
    }

    /// <summary>A plan a statement, those of files that are executed and of those that are not in the order of the files.</summary>
    async Task<IEnumerable<PlanNode>> PlanAsync(SentFile[] files, PlanMode mode, CancellationToken cancellationToken)
    {
        ProbedQuery[] executed = [.. files.Where(file => file.IsExecuted).Select(file => file.Probed)];
        var twice = await probe.MeasureAsync([.. executed, .. executed], mode, cancellationToken);
        var measured = new Queue<PlanNode>(twice.Skip(twice.Count / 2));
        var plans = new List<PlanNode>();
        foreach (var (probed, isExecuted) in files)
        {
            plans.AddRange(
                isExecuted
                    ? probed.Query.Statements.Select(_ => measured.Dequeue())
                    : await probe.EstimateAsync(probed.Query, mode, probed.Arguments, cancellationToken)
            );
        }

        return plans;
    }

    /// <summary>How many posts the planner would read to count them all; nothing is read.</summary>
    async Task<long> ReckonPostsAsync(CancellationToken cancellationToken)
    {
        var plans = await probe.EstimateAsync(
            PostListRepository.Paths[0].Count,
            PlanMode.Generic,
            noArguments,
            cancellationToken
        );
        return (long)plans[0].All.Where(node => node.Relation == "post").Max(node => node.EstimatedRows);
    }

    static StatementReceipt Receipt(SentFile file, int number, long posts, PlanNode generic, PlanNode custom)
    {
        var (query, arguments) = file.Probed;
        var contract = PlanContracts.Find(query);
        var (any, these) = (Of(generic), Of(custom));
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{query.Id} {number}"),
            $"sql/queries/{query.Id}.sql",
            query
                .Parameters.Intersect(query.Numbered(number).Parameters)
                .ToDictionary(
                    parameter => parameter.Name,
                    parameter => arguments.GetValueOrDefault(parameter.Name),
                    StringComparer.Ordinal
                ),
            file.IsExecuted,
            file.IsExecuted ? any.Broken.Count + these.Broken.Count == 0 : null,
            any,
            these
        );

        PlanReceipt Of(PlanNode plan) =>
            new(
                plan.Rows,
                plan.Milliseconds,
                plan.Buffers,
                file.IsExecuted
                    ? [.. PlanEvaluator.EvaluateAny(contract, number, posts, plan).Select(BrokenPromise.Of)]
                    : [],
                plan
            );
    }

    sealed record SentFile(ProbedQuery Probed, bool IsExecuted);
}
