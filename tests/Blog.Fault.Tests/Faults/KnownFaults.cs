namespace Blog.Fault.Tests.Faults;

/// <summary>Every fault that is made to happen here, in the order of the table.</summary>
static class KnownFaults
{
    public static IReadOnlyList<KnownFault> All { get; } =
    [
        .. (
            (IEnumerable<KnownFault>)
                [
                    .. Crashes.All,
                    .. Absence.All,
                    .. Frozen.All,
                    .. Network.All,
                    .. Crowds.All,
                    .. SlowClients.All,
                    .. Rivals.All,
                    .. FullDisks.All,
                    .. ServiceDeath.All,
                    .. KilledImport.All,
                    .. Clock.All,
                    .. Soak.All,
                    .. TestedElsewhere.All,
                ]
        ).OrderBy(fault => fault.Id, StringComparer.Ordinal),
    ];
}
