using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Operate;

/// <summary>
/// What is sent besides the catalogue: the frames of transactions, what Npgsql asks of a server that it meets for the first time
/// and when it gives a connection back, a statement of the catalogue that is explained in place of counting, and the probe.
/// </summary>
static partial class DriverStatements
{
    static readonly (string Name, Regex Text)[] known =
    [
        ("begin", Begin()),
        ("commit", Commit()),
        ("rollback", Rollback()),
        ("set local", SetLocal()),
        ("reset of a connection", Reset()),
        ("version of the server", Version()),
        ("loading of types", Types()),
        ("probe", Probe()),
    ];

    /// <summary>The catalogue as it stands behind <c>explain</c>, where a server gives what is explained no identifier of its own.</summary>
    static readonly FrozenSet<string> explained = QueryCatalogue
        .All.Where(query => query.Statements.Count == 1)
        .Select(query => WithoutConstants(query.Numbered(1).Text))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Null where it is none of these.</summary>
    public static string? NameOf(string query) =>
        known.FirstOrDefault(one => one.Text.IsMatch(query)).Name
        ?? (
            query.StartsWith(Query.Explain, StringComparison.Ordinal)
            && explained.Contains(WithoutConstants(query[Query.Explain.Length..].TrimEnd(';')))
                ? "planned count"
                : null
        );

    /// <summary>From PostgreSQL 16 on constants are replaced by parameters in explained statements too.</summary>
    static string WithoutConstants(string statement) => Constant().Replace(statement, "?");

    [GeneratedRegex(@"'[^']*'|\$?\b\d+\b|\b(true|false|null)\b", Options, Milliseconds)]
    private static partial Regex Constant();

    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture;
    const int Milliseconds = 1000;

    [GeneratedRegex(
        @"^begin( transaction)?( isolation level (read committed|repeatable read))?( read only)?$",
        Options,
        Milliseconds
    )]
    private static partial Regex Begin();

    [GeneratedRegex("^commit$", Options, Milliseconds)]
    private static partial Regex Commit();

    [GeneratedRegex("^rollback$", Options, Milliseconds)]
    private static partial Regex Rollback();

    [GeneratedRegex(
        @"^set (local (statement_timeout|plan_cache_mode|standard_conforming_strings) (=|to) ('(1h|[0-9]+ms)'|force_(generic|custom)_plan|on|\$1)|transaction read only)$",
        Options,
        Milliseconds
    )]
    private static partial Regex SetLocal();

    [GeneratedRegex(
        "^(discard all|close all|unlisten \\*|reset all|discard temp|discard sequences|set session authorization default|select pg_advisory_unlock_all\\(\\))$",
        Options,
        Milliseconds
    )]
    private static partial Regex Reset();

    [GeneratedRegex(@"^select version\(\)$", Options, Milliseconds)]
    private static partial Regex Version();

    [GeneratedRegex(
        @"^(SELECT ns\.nspname, t\.oid, t\.typname, t\.typtype, t\.typnotnull, t\.elemtypoid\s+FROM|(-- Load field definitions for \(free-standing\) composite types\s+)?SELECT typ\.oid, att\.attname, att\.atttypid\s+FROM pg_type|(-- Load enum fields\s+)?SELECT typ\.oid, enumlabel\s+FROM pg_enum)",
        Options,
        Milliseconds
    )]
    private static partial Regex Types();

    [GeneratedRegex(
        @"^(explain \((verbose|(verbose, |analyze, buffers, )?format json)\) execute blog_probe(\((null|\$\d+|'([^']|'')*')(, (null|\$\d+|'([^']|'')*'))*\))?|deallocate (blog_probe|\$1))$",
        Options,
        Milliseconds
    )]
    private static partial Regex Probe();
}
