using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Blog.Data.Migrations;

/// <summary>One script: a file of <c>sql/migrations</c>, embedded under its bare file name.</summary>
public sealed partial class MigrationScript
{
    /// <summary>So that NAME.SQL is refused by its name, and not passed over in silence.</summary>
    static readonly EnumerationOptions anyCase = new()
    {
        MatchCasing = MatchCasing.CaseInsensitive,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    /// <summary>Reads a script from its text.</summary>
    /// <param name="name">The file name, <c>NNNN_verb_object.sql</c>.</param>
    /// <param name="text">The whole file, header and comments included.</param>
    /// <exception cref="MigrationException">The name, the header or the statements break a rule; the message says which.</exception>
    public MigrationScript(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        Name = name;
        Text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        Checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
        Statements = SqlText.Split(Text);
        RunsInTransaction = !SaysNoTransaction();
        Refuse();
    }

    /// <summary>The file name; also what the journal stores and what the scripts are ordered by.</summary>
    public string Name { get; }

    /// <summary>The whole file, line ends normalised to <c>\n</c>.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, 64 lower-case hexadecimal digits.</summary>
    public string Checksum { get; }

    /// <summary>False when the header says <c>-- migrate: no-transaction</c>; such a script has exactly one statement.</summary>
    public bool RunsInTransaction { get; }

    /// <summary>The statements in order, without the comments before and between them; never empty.</summary>
    public IReadOnlyList<SqlStatement> Statements { get; }

    /// <summary>The scripts of this build, in the order they are applied (ordinal by name).</summary>
    /// <exception cref="MigrationException">A script breaks a rule, or two have the same number.</exception>
    public static IReadOnlyList<MigrationScript> LoadAll()
    {
        var assembly = typeof(MigrationScript).Assembly;
        return Ordered(
            assembly
                .GetManifestResourceNames()
                .Where(resource => resource.EndsWith(".sql", StringComparison.Ordinal))
                .Select(resource =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                    return new MigrationScript(resource, reader.ReadToEnd());
                })
        );
    }

    /// <summary>The scripts of a folder: every file of it that ends with <c>.sql</c>, in the order they are applied.</summary>
    /// <exception cref="MigrationException">There is no such folder or no script in it, it cannot be read, a script breaks a rule, or two have the same number.</exception>
    public static IReadOnlyList<MigrationScript> LoadFolder(string folder)
    {
        try
        {
            var scripts = Ordered(
                Directory
                    .EnumerateFiles(folder, "*.sql", anyCase)
                    .Select(file => new MigrationScript(Path.GetFileName(file), File.ReadAllText(file)))
            );
            return scripts.Count > 0
                ? scripts
                : throw new MigrationException(MigrationFailure.Failed, $"There is no script in {folder}.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"The scripts cannot be read: {unreadable.Message}",
                innerException: unreadable
            );
        }
    }

    internal static IReadOnlyList<MigrationScript> Ordered(IEnumerable<MigrationScript> scripts)
    {
        MigrationScript[] ordered = [.. scripts.OrderBy(script => script.Name, StringComparer.Ordinal)];
        foreach (var (first, second) in ordered.Zip(ordered.Skip(1)))
        {
            if (first.Name.AsSpan(0, 4).SequenceEqual(second.Name.AsSpan(0, 4)))
            {
                throw new MigrationException(
                    MigrationFailure.Failed,
                    $"{first.Name} and {second.Name} have the same number: give the later one the next free number.",
                    second.Name
                );
            }
        }

        return ordered;
    }

    bool SaysNoTransaction()
    {
        var header = Statements.Count == 0 ? Text : Text[..Statements[0].Offset];
        var says = MigrateLine().Matches(header);
        foreach (Match line in says)
        {
            if (line.Groups["mode"].Value is not "no-transaction")
                throw Broken(
                    $"the header says \"migrate: {line.Groups["mode"].Value}\"; only \"no-transaction\" is known"
                );
        }

        return says.Count > 0;
    }

    void Refuse()
    {
        if (!FileName().IsMatch(Name))
            throw Broken("a script is named NNNN_verb_object.sql, in lower case");
        if (Statements.Count == 0)
            throw Broken("it holds no statement");
        if (!RunsInTransaction && Statements.Count > 1)
            throw Broken($"a no-transaction script has exactly one statement, and this one has {Statements.Count}");
        if (Statements.FirstOrDefault(statement => TransactionControl().IsMatch(statement.Text)) is { } control)
            throw Broken($"line {control.Line} controls the transaction; the runner does that");
    }

    MigrationException Broken(string rule) => new(MigrationFailure.Failed, $"{Name}: {rule}.", Name);

    [GeneratedRegex(@"^\d{4}_[a-z0-9_]+\.sql\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileName();

    [GeneratedRegex(
        @"^--[ \t]*migrate:[ \t]*(?<mode>.*?)[ \t]*$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex MigrateLine();

    [GeneratedRegex(
        @"^(begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TransactionControl();
}
