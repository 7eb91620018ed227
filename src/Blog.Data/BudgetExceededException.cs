namespace Blog.Data;

/// <summary>
/// A unit of work under strict budgets came to the end of its own: what would have gone beyond was not sent, and rows beyond it were not
/// handed on.
/// </summary>
/// <param name="what">What was refused, in the terms of the catalogue.</param>
/// <param name="isStored">Whether the unit of work has committed something before.</param>
public sealed class BudgetExceededException(string what, bool isStored) : Exception(what)
{
    /// <summary>Whether the unit of work has committed something before; where it has not, nothing is stored.</summary>
    public bool IsStored => isStored;
}
