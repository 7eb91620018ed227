using System.Text;
using System.Text.Json;

namespace Blog.Data.Input;

/// <summary>
/// Reads the members of one JSON object by their rules: type, presence, characters, normalisation, blankness, length.
/// Whatever is wrong is noted with its place and a stand-in is returned, so that one reading finds everything.
/// </summary>
public sealed class ObjectReader
{
    /// <summary>Of a list that is too long nobody needs to know by how much.</summary>
    const int MostCounted = 1000;

    readonly JsonElement element;
    readonly string pointer;
    readonly InputErrors errors;
    readonly List<string> known = [];

    ObjectReader(JsonElement element, string pointer, InputRules rules, InputErrors errors)
    {
        this.element = element;
        this.pointer = pointer;
        this.errors = errors;
        Rules = rules;
    }

    /// <summary>What differs between a request and a line of an import.</summary>
    public InputRules Rules { get; }

    internal static T? Read<T>(JsonElement element, string pointer, InputRules rules, InputErrors errors)
        where T : IInput<T>
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.AddWrongType(element, pointer, "an object");
            return default;
        }

        var reader = new ObjectReader(element, pointer, rules, errors);
        var value = T.Read(reader);
        if (rules.RefusesUnknownMembers)
        {
            reader.RefuseUnknownMembers();
        }

        return value;
    }

    /// <summary>Whether the member was sent, with whatever value.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A text that must be there, with at least one character that is not white space; normalised to form C.</summary>
    public string Text(string name, int limit) => FullText(name, limit, text => text);

    /// <summary>The same without the white space at its ends.</summary>
    public string TrimmedText(string name, int limit) => FullText(name, limit, text => text.Trim());

    /// <summary>A text that may be missing, null or empty, which all mean none; normalised to form C.</summary>
    /// <returns>Null where there is none.</returns>
    public string? OptionalText(string name, int limit)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = ReadText(value, Place(name));
        return string.IsNullOrEmpty(text) ? null : CheckLength(text, Place(name), limit);
    }

    /// <summary>A text that must be there and must not be empty; null counts as missing. Normalised to form C.</summary>
    public string FilledText(string name, int limit)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            AddRequired(name);
            return "";
        }

        var text = ReadText(value, Place(name));
        if (text is "")
        {
            errors.Add(new(InputCodes.Blank, "Must not be empty.") { Pointer = Place(name) });
        }

        return text is null ? "" : CheckLength(text, Place(name), limit);
    }

    /// <summary>A text that must be there and may be empty; kept as it was sent, limited by its bytes in UTF-8.</summary>
    public string Document(string name, int maxBytes)
    {
        if (!TryGetRequired(name, out var value) || ReadCharacters(value, Place(name)) is not { } text)
        {
            return "";
        }

        if (Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            errors.Add(
                new(InputCodes.TooLong, $"At most {maxBytes} bytes of UTF-8 are stored.")
                {
                    Pointer = Place(name),
                    Limit = maxBytes,
                }
            );
        }

        return text;
    }

    /// <summary>A list of names, each trimmed, normalised to form C and kept once, in the order sent.</summary>
    public IReadOnlyList<string> Names(string name, int limit, int maxCount)
    {
        var names = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (value, place) in Items(name))
        {
            if (ReadText(value, place)?.Trim() is { } text)
            {
                names.TryAdd(CheckNotBlank(CheckLength(text, place, limit), place), place);
            }

            if (names.Count > MostCounted)
            {
                break;
            }
        }

        CheckCount(names.Count, maxCount, name);
        return [.. names.Keys];
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<T> Objects<T>(string name, int maxCount)
        where T : IInput<T>
    {
        var objects = new List<T>();
        foreach (var (value, place) in Items(name))
        {
            if (Read<T>(value, place, Rules, errors) is { } item)
            {
                objects.Add(item);
            }

            if (objects.Count > MostCounted)
            {
                break;
            }
        }

        CheckCount(objects.Count, maxCount, name);
        return objects;
    }

    string FullText(string name, int limit, Func<string, string> cut)
    {
        if (!TryGetRequired(name, out var value) || ReadText(value, Place(name)) is not { } text)
        {
            return "";
        }

        return CheckNotBlank(CheckLength(cut(text), Place(name), limit), Place(name));
    }

    string Place(string name) => $"{pointer}/{name}";

    bool TryGet(string name, out JsonElement value)
    {
        known.Add(name);
        return element.TryGetProperty(name, out value);
    }

    bool TryGetRequired(string name, out JsonElement value)
    {
        if (TryGet(name, out value))
        {
            return true;
        }

        AddRequired(name);
        return false;
    }

    void AddRequired(string name) => errors.Add(new(InputCodes.Required, "Must be given.") { Pointer = Place(name) });

    /// <summary>As they are read, until enough is wrong.</summary>
    IEnumerable<(JsonElement Value, string Place)> Items(string name)
    {
        if (!TryGetRequired(name, out var list))
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            errors.AddWrongType(list, Place(name), "an array");
            return [];
        }

        return list.EnumerateArray()
            .Select((value, index) => (value, $"{pointer}/{name}/{index}"))
            .TakeWhile(_ => !errors.IsFull);
    }

    /// <summary>Null where the value is no text or holds what is no character; the reason is noted.</summary>
    string? ReadCharacters(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            errors.AddWrongType(value, place, "a string");
            return null;
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            errors.Add(InputErrors.HalfCharacter(place));
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add(new(InputCodes.InvalidCharacter, "U+0000 cannot be stored.") { Pointer = place });
            return null;
        }

        return text;
    }

    string? ReadText(JsonElement value, string place) =>
        ReadCharacters(value, place) is { } text ? FormC.Of(text) : null;

    string CheckLength(string text, string place, int limit)
    {
        // A text has at most as many code points as UTF-16 units: most need no count.
        if (text.Length > limit && text.EnumerateRunes().Count() is var length && length > limit)
        {
            errors.Add(
                new(InputCodes.TooLong, $"At most {limit} characters are stored; this has {length}.")
                {
                    Pointer = place,
                    Limit = limit,
                }
            );
        }

        return text;
    }

    string CheckNotBlank(string text, string place)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add(new(InputCodes.Blank, "Must have a character that is not white space.") { Pointer = place });
        }

        return text;
    }

    void CheckCount(int count, int maxCount, string name)
    {
        if (count > maxCount)
        {
            errors.Add(
                new(
                    InputCodes.TooMany,
                    $"At most {maxCount} are accepted; these are {(count > MostCounted ? $"more than {MostCounted}" : count)}."
                )
                {
                    Pointer = Place(name),
                    Limit = maxCount,
                }
            );
        }
    }

    void RefuseUnknownMembers()
    {
        IReadOnlyList<string> passedOver = pointer == "#" ? Rules.PassedOver : [];
        foreach (
            var member in element
                .EnumerateObject()
                .Select(member => member.Name)
                .Except(known.Concat(passedOver), StringComparer.Ordinal)
                .TakeWhile(_ => !errors.IsFull)
        )
        {
            var escaped = member
                .Replace("~", "~0", StringComparison.Ordinal)
                .Replace("/", "~1", StringComparison.Ordinal);
            errors.Add(
                new(
                    InputCodes.UnknownMember,
                    $"Not a member here; these are: {string.Join(", ", known.Distinct(StringComparer.Ordinal))}."
                )
                {
                    Pointer = $"{pointer}/{Uri.EscapeDataString(escaped)}",
                }
            );
        }
    }
}
