using System.Collections.Frozen;
using System.Reflection;

namespace Blog.Data.Catalogue;

/// <summary>Every statement the service can send, read once from the files of <c>sql/queries</c> that are embedded here.</summary>
public static class QueryCatalogue
{
    const string Folder = "queries/";

    static readonly FrozenDictionary<string, Query> queries = Load();

    /// <summary>All queries, by id in ordinal order.</summary>
    public static IReadOnlyList<Query> All { get; } =
    [.. queries.Values.OrderBy(query => query.Id, StringComparer.Ordinal)];

    /// <summary>The query of a file.</summary>
    /// <param name="id">Path below <c>sql/queries</c>, without the ending.</param>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public static Query Find(string id) =>
        TryFind(id) ?? throw new KeyNotFoundException($"There is no sql/queries/{id}.sql.");

    /// <summary>The query of a file, for a name that somebody else has chosen.</summary>
    /// <returns>Null where there is no such file.</returns>
    public static Query? TryFind(string id) => queries.GetValueOrDefault(id);

    static FrozenDictionary<string, Query> Load()
    {
        return Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Query.Parse(name[Folder.Length..].Replace('\\', '/'), Read(name)))
            .ToFrozenDictionary(query => query.Id, StringComparer.Ordinal);
    }

    /// <summary>A text of the folder <c>sql</c> that this assembly carries.</summary>
    internal static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
