namespace Blog.Fault.Tests.Faults;

/// <summary>How long a fault takes, and so who runs it.</summary>
enum Length
{
    /// <summary>A few seconds: <c>dotnet test</c> and the command.</summary>
    Short,

    /// <summary>The command alone: minutes, or a disk that root has to mount.</summary>
    Long,

    /// <summary>Tests of another project, which the command runs.</summary>
    Elsewhere,
}

/// <summary>A fault, and what is promised where it happens.</summary>
/// <param name="Id">F01 and so on.</param>
/// <param name="What">What happens, and how it is made to happen.</param>
/// <param name="Promise">What holds all the same.</param>
/// <param name="Bound">Within what.</param>
/// <param name="RunAsync">Makes it happen, measures, and says what does not hold.</param>
/// <param name="Length">Who runs it.</param>
sealed record KnownFault(
    string Id,
    string What,
    string Promise,
    string Bound,
    Func<FaultRun, Task> RunAsync,
    Length Length = Length.Short
)
{
    public override string ToString() => Id;
}
