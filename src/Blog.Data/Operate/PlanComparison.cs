using Blog.Data.Catalogue;
using Npgsql;

namespace Blog.Data.Operate;

/// <summary>What a file does with arguments, under the plan for any arguments and under the one for these.</summary>
/// <param name="IsMeasured">Whether it was executed; where it was not, both are what the planner expects.</param>
/// <param name="Generic">A plan a statement, in their order: what the service works with.</param>
/// <param name="Custom">The same statements, planned for these arguments.</param>
public sealed record PlanComparison(bool IsMeasured, IReadOnlyList<PlanNode> Generic, IReadOnlyList<PlanNode> Custom)
{
    /// <summary>
    /// Executes a file that only reads, in a transaction that can do nothing else and is rolled back. A file that writes is never
    /// executed, nor is one that takes what no rollback gives back, the next value of a sequence: they are estimated.
    /// </summary>
    /// <param name="probe">On the database that is asked.</param>
    /// <param name="query">Of the catalogue.</param>
    /// <param name="arguments">By name, as PostgreSQL reads them; one that is missing is null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="System.Data.Common.DbException">An argument is not of its type, a statement does not fit the schema, or a right is missing.</exception>
    public static async Task<PlanComparison> OfAsync(
        StatementProbe probe,
        Query query,
        IReadOnlyDictionary<string, string?> arguments,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(query);
        if (query.Writes)
        {
            return await CompareAsync(false, probe.EstimateAsync);
        }

        try
        {
            return await CompareAsync(true, probe.MeasureAsync);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            return await CompareAsync(false, probe.EstimateAsync);
        }

        async Task<PlanComparison> CompareAsync(
            bool isMeasured,
            Func<
                Query,
                PlanMode,
                IReadOnlyDictionary<string, string?>,
                CancellationToken,
                Task<IReadOnlyList<PlanNode>>
            > plan
        ) =>
            new(
                isMeasured,
                await plan(query, PlanMode.Generic, arguments, cancellationToken),
                await plan(query, PlanMode.Custom, arguments, cancellationToken)
            );
    }
}
