namespace Blog.Api.Tests.Fuzz;

/// <summary>One request, as it is sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, escaped.</param>
/// <param name="Body">Null for none.</param>
/// <param name="Headers">Each with its value.</param>
sealed record FuzzRequest(string Method, string Path, byte[]? Body, IReadOnlyList<(string Name, string Value)> Headers)
{
    public override string ToString() =>
        $"{Method} {Path} {string.Join(' ', Headers.Select(header => $"[{header.Name}: {header.Value}]"))} {(Body is null ? "" : Convert.ToBase64String(Body[..Math.Min(Body.Length, 300)]))}";
}
