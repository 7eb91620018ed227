using Blog.Data.Catalogue;
using Blog.Data.Migrations.Released;
using Blog.Data.Operate;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>What a script does to the plans of the statements of this build, those for any arguments.</summary>
/// <param name="Changed">Statements that are planned on both sides, and differently.</param>
/// <param name="Stopped">Statements that can no longer be planned, with what the server says.</param>
/// <param name="Begun">How many can be planned only now.</param>
/// <param name="Same">How many have the same plan as before.</param>
public sealed record PlanShift(
    IReadOnlyList<ChangedPlan> Changed,
    IReadOnlyList<BrokenStatement> Stopped,
    int Begun,
    int Same
)
{
    internal static PlanShift Between(
        IReadOnlyDictionary<string, CopyPlan> before,
        IReadOnlyDictionary<string, CopyPlan> after
    )
    {
        var both = before
            .Where(one => one.Value.Plan is not null && after[one.Key].Plan is not null)
            .Select(one => ChangedPlan.Between(one.Key, one.Value.Plan!, after[one.Key].Plan!))
            .ToArray();
        return new(
            [.. both.OfType<ChangedPlan>()],
            [
                .. before
                    .Where(one => one.Value.Plan is not null && after[one.Key].Refusal is not null)
                    .Select(one => new BrokenStatement(one.Key, after[one.Key].Refusal!)),
            ],
            before.Count(one => one.Value.Plan is null && after[one.Key].Plan is not null),
            both.Count(one => one is null)
        );
    }

    /// <summary>Plans every statement of the service on the copy, as a superuser: rights are a matter of their own.</summary>
    internal static async Task<IReadOnlyDictionary<string, CopyPlan>> PlansAsync(
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        await using var session = await CopySession.OpenAsync(connectionString, cancellationToken);
        foreach (
            var setting in (string[])
                [
                    "set search_path = pg_catalog",
                    "set plan_cache_mode = force_generic_plan",
                    "set standard_conforming_strings = on",
                ]
        )
        {
            await session.SendAsync(setting, cancellationToken);
        }

        var plans = new Dictionary<string, CopyPlan>(StringComparer.Ordinal);
        foreach (var footprint in Footprint.Served)
        {
            plans.Add(footprint.Name, await PlanAsync(footprint));
        }

        return plans;

        async Task<CopyPlan> PlanAsync(Footprint footprint)
        {
            var (text, parameters) = footprint.Query.Numbered(footprint.Number);
            var statement = new ReleasedStatement(
                footprint.Name,
                [.. parameters.Select(parameter => parameter.Type)],
                text,
                [],
                [],
                []
            );
            try
            {
                await session.SendAsync(statement.Prepare, cancellationToken);
                var json = await session.AskAsync<string>(
                    $"explain (format json) {statement.Execute}",
                    cancellationToken
                );
                return new(PlanNode.Parse(json), null);
            }
            catch (Npgsql.PostgresException refused)
            {
                return new(null, refused.MessageText);
            }
        }
    }
}

/// <summary>The plan of a statement, or why it has none.</summary>
sealed record CopyPlan(PlanNode? Plan, string? Refusal);

/// <summary>A plan that is another one behind the script.</summary>
/// <param name="Name">Of the statement: <c>users/get_user 1</c>.</param>
/// <param name="Gone">Steps that it has no longer: <c>Seq Scan on post</c>; empty where only their order or conditions changed.</param>
/// <param name="Come">Steps that it has now; empty as <paramref name="Gone"/> is.</param>
/// <param name="CostBefore">What the planner reckoned for it, in its own unit.</param>
/// <param name="CostAfter">What it reckons now.</param>
public sealed record ChangedPlan(
    string Name,
    IReadOnlyList<string> Gone,
    IReadOnlyList<string> Come,
    double CostBefore,
    double CostAfter
)
{
    /// <summary>In words, without the costs.</summary>
    public string Words =>
        (Gone.Count, Come.Count) switch
        {
            (0, 0) => "the same steps in another order or with other conditions",
            (0, _) => $"{string.Join(", ", Come)} came in",
            (_, 0) => $"{string.Join(", ", Gone)} fell away",
            _ => $"{string.Join(", ", Gone)} became {string.Join(", ", Come)}",
        };

    /// <summary>Null where nothing changed but what the planner expects of it.</summary>
    internal static ChangedPlan? Between(string name, PlanNode before, PlanNode after)
    {
        if (Shape(before, 0).SequenceEqual(Shape(after, 0), StringComparer.Ordinal))
        {
            return null;
        }

        var (was, now) = (before.All.Select(Step).ToList(), after.All.Select(Step).ToList());
        return new(name, Without(was, now), Without(now, was), before.EstimatedCost, after.EstimatedCost);
    }

    static IEnumerable<string> Shape(PlanNode node, int depth) =>
        node
            .Below.SelectMany(below => Shape(below, depth + 1))
            .Prepend($"{depth} {node.Subplan} {Step(node)} {node.Source} {string.Join("; ", node.Conditions)}");

    static string Step(PlanNode node) =>
        node.Type
        + (node.Relation is null ? "" : $" on {node.Relation}")
        + (node.Index is null ? "" : $" by {node.Index}");

    static List<string> Without(IEnumerable<string> steps, List<string> others)
    {
        var left = others.ToList();
        return [.. steps.Where(step => !left.Remove(step))];
    }
}
