namespace Blog.Data;

/// <summary>What one unit of work may ask of the database.</summary>
/// <param name="Statements">Statements, without begin and commit.</param>
/// <param name="Trips">Waits for the server, a commit's too.</param>
public readonly record struct SqlAllowance(int Statements, int Trips);
