namespace Blog.Api.Responses;

/// <summary>What an operation may ask of the database; <see cref="RequestBudget"/> adds what one request may ask beyond it.</summary>
/// <param name="Statements">Statements, without begin and commit.</param>
/// <param name="Trips">Waits for the server, a commit's too.</param>
public sealed record SqlBudget(int Statements, int Trips);

/// <summary>The files of the catalogue that an operation may send.</summary>
/// <param name="Queries">Their ids, in the order in which they may be sent; empty where it asks the database nothing.</param>
public sealed record SqlFiles(params IReadOnlyList<string> Queries);

static class SqlBudgetMetadata
{
    /// <summary>States what the operation may ask of the database, and by which files.</summary>
    public static TBuilder WithSqlBudget<TBuilder>(
        this TBuilder builder,
        int statements,
        int trips,
        params IReadOnlyList<string> queries
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new SqlBudget(statements, trips)).WithSql(queries);

    /// <summary>States by which files the operation may ask the database, as often as it needs.</summary>
    public static TBuilder WithSql<TBuilder>(this TBuilder builder, params IReadOnlyList<string> queries)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SqlFiles(queries));
}
