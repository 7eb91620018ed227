using System.Globalization;
using System.Text;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Data;
using Blog.Data.Input;
using Blog.Data.Lists;
using Microsoft.AspNetCore.WebUtilities;

namespace Blog.Api.Lists;

/// <summary>
/// The query string of a request, read by the closed grammar of lists. Whatever is wrong with a value is noted and a stand-in
/// is returned, so that one reading finds everything; <see cref="ThrowIfInvalid"/> ends it.
/// </summary>
sealed class QueryReader
{
    const int MaxDigits = 9;

    readonly List<(string Name, string Value)> sent;
    readonly List<InputError> errors = [];
    readonly List<(string Name, string[] Values)> filters = [];

    QueryReader(List<(string, string)> sent) => this.sent = sent;

    /// <summary>The filters that were sent, as the combination's name: <c>author_id+tag</c>.</summary>
    public string Combination => filters.Count == 0 ? "none" : string.Join('+', filters.Select(filter => filter.Name));

    /// <summary>The filters in a form that is equal where they mean the same. U+0000 is in no value.</summary>
    public string CanonicalFilters =>
        filters.Count == 0
            ? ""
            : string.Join(
                '\0',
                filters.SelectMany(filter => filter.Values.Order(StringComparer.Ordinal).Prepend(filter.Name))
            );

    /// <summary>Every parameter with its name, in the order sent, decoded.</summary>
    public IReadOnlyList<(string Name, string Value)> Sent => sent;

    /// <summary>Reads the query string of a route that does not mind parameters it does not have.</summary>
    /// <exception cref="ProblemException">It cannot be decoded; then nothing else is said of it.</exception>
    public static QueryReader Of(HttpContext context)
    {
        var query = new QueryReader([]);
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            var name = pair.DecodeName().ToString();
            query.sent.Add((name, pair.DecodeValue().ToString()));
            if (!PercentEncoding.IsUtf8(pair.EncodedName.Span) || !PercentEncoding.IsUtf8(pair.EncodedValue.Span))
            {
                query.Add(name, InputCodes.InvalidFormat, "Must be UTF-8, percent-encoded.");
            }
        }

        query.ThrowIfInvalid();
        return query;
    }

    /// <summary>Reads the query string of a list.</summary>
    /// <exception cref="ProblemException">A parameter has a name that the list does not know, or it cannot be decoded.</exception>
    public static QueryReader Of(HttpContext context, string[] known)
    {
        var query = Of(context);
        if (query.sent.TrueForAll(parameter => known.Contains(parameter.Name)))
        {
            return query;
        }

        InputError[] unknown =
        [
            .. query
                .sent.Select(parameter => parameter.Name)
                .Distinct(StringComparer.Ordinal)
                .Except(known, StringComparer.Ordinal)
                .Select(name => new InputError(
                    InputCodes.UnknownMember,
                    $"Not a parameter here; the nearest is {Spelling.Nearest(name, known)}. These are: {string.Join(", ", known)}."
                )
                {
                    Parameter = name,
                }),
        ];
        throw new ProblemException(KnownProblems.UnknownParameter with { Errors = unknown });
    }

    /// <summary>A whole number from 1 on; what is above the greatest is lowered to it.</summary>
    public int Number(string name, int fallback, int greatest)
    {
        if (Single(name) is not { } text)
        {
            return fallback;
        }

        if (text.Length is 0 or > MaxDigits || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            Add(name, InputCodes.InvalidFormat, $"Must be a whole number of 1 to {MaxDigits} digits.");
            return fallback;
        }

        var number = int.Parse(text, CultureInfo.InvariantCulture);
        if (number == 0)
        {
            Add(name, InputCodes.OutOfRange, "Must be at least 1.");
            return fallback;
        }

        return Math.Min(number, greatest);
    }

    /// <summary>A filter by a text, in form C as it is stored.</summary>
    public string? Text(string name) => Filter(name, Single(name) is { } text ? Checked(name, FormC.Of(text)) : null);

    /// <summary>A filter by the id of a row. An integer beyond every id becomes one that no row has.</summary>
    public long? Id(string name)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        if (!RequestChecks.IsInteger(text))
        {
            Add(name, InputCodes.InvalidFormat, "An id is a whole number.");
            return null;
        }

        return Filter(
            name,
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : 0
        );
    }

    /// <summary>A filter by an id that does not come from the query string.</summary>
    public long Filter(string name, long id)
    {
        Filter(name, id.ToString(CultureInfo.InvariantCulture));
        return id;
    }

    /// <summary>A filter by the name of a tag, trimmed and in form C as it is stored.</summary>
    public string? TagName(string name) =>
        Filter(name, Single(name) is { } text ? Checked(name, FormC.Of(text).Trim()) : null);

    /// <summary>A filter by names of tags, each sent as a parameter of its own, trimmed and in form C as they are stored; each once.</summary>
    public IReadOnlyList<string> TagNames(string name)
    {
        var values = sent.FindAll(parameter => parameter.Name == name);
        if (values.Count == 0)
        {
            return [];
        }

        if (values.Count > Limits.TagFilters)
        {
            Add(
                name,
                InputCodes.TooMany,
                $"At most {Limits.TagFilters} are accepted; these are {values.Count}.",
                Limits.TagFilters
            );
        }

        string[] names =
        [
            .. values
                .Select(parameter => Checked(name, FormC.Of(parameter.Value).Trim()))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
        filters.Add((name, names));
        return names;
    }

    /// <summary>A filter by words.</summary>
    public string? Words(string name)
    {
        var words = Text(name);
        if (words is not null && words.EnumerateRunes().Count() is var length && length > Limits.SearchWords)
        {
            Add(
                name,
                InputCodes.TooLong,
                $"At most {Limits.SearchWords} characters are accepted; this has {length}.",
                Limits.SearchWords
            );
        }
        else if (words is not null && !words.EnumerateRunes().Any(Rune.IsLetterOrDigit))
        {
            Add(name, InputCodes.Blank, "Must have a word.");
        }

        return words;
    }

    /// <summary>The values of a parameter that is a list in itself, as <c>include=profile,posts</c>; null where it was not sent.</summary>
    public string[]? Items(string name) => Single(name)?.Split(',');

    /// <summary>The value of a parameter that may stand once.</summary>
    public string? Single(string name)
    {
        string? first = null;
        var times = 0;
        foreach (var parameter in sent)
        {
            if (parameter.Name == name)
            {
                first ??= parameter.Value;
                times++;
            }
        }

        if (times > 1)
        {
            Add(name, InputCodes.TooMany, $"Must be given once; these are {times}.", 1);
        }

        return first;
    }

    /// <summary>The statement that knows the combination of filters that was sent.</summary>
    /// <exception cref="ProblemException">There is none, or a value is wrong.</exception>
    public AccessPath Path(IReadOnlyList<AccessPath> paths)
    {
        ThrowIfInvalid();
        var combination = Combination;
        return paths.FirstOrDefault(path => path.Filters == combination)
            ?? throw new ProblemException(
                KnownProblems.UnsupportedFilterCombination with
                {
                    Detail =
                        $"There is no {combination} here. Supported are: {string.Join(", ", paths.Select(path => path.Filters))}.",
                }
            );
    }

    /// <summary>Notes that the value of a parameter is wrong.</summary>
    public void Add(string name, string code, string detail, long? limit = null) =>
        errors.Add(new(code, detail) { Parameter = name, Limit = limit });

    /// <exception cref="ProblemException">A value is wrong.</exception>
    public void ThrowIfInvalid()
    {
        if (errors.Count > 0)
        {
            throw new ProblemException(KnownProblems.InvalidParameter with { Errors = errors });
        }
    }

    /// <summary>Null where the text is none that could be stored; the reason is noted.</summary>
    string? Checked(string name, string text)
    {
        if (text.Length == 0)
        {
            Add(name, InputCodes.Blank, "Must not be empty.");
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Add(name, InputCodes.InvalidCharacter, "U+0000 cannot be stored.");
            return null;
        }

        return text;
    }

    string? Filter(string name, string? value)
    {
        if (value is not null)
        {
            filters.Add((name, [value]));
        }

        return value;
    }
}
