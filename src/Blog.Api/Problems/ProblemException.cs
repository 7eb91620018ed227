namespace Blog.Api.Problems;

/// <summary>Ends the binding of a parameter with an answer, where a result cannot be returned.</summary>
sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>The answer.</summary>
    public Problem Problem => problem;
}
