using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Blog.Data.Input;

/// <summary>A shape that can be read from a JSON object.</summary>
public interface IInput<TSelf>
    where TSelf : IInput<TSelf>
{
    /// <summary>Reads the members; what is wrong is noted in <paramref name="body"/>, and reading goes on with a stand-in.</summary>
    static abstract TSelf Read(ObjectReader body);

    /// <summary>The members that must be sent, for whoever describes the shape.</summary>
    static abstract IReadOnlyList<string> RequiredMembers { get; }
}

/// <summary>From bytes to a shape whose values keep every rule, or to all the reasons why not.</summary>
public static class JsonInput
{
    static readonly JsonDocumentOptions options = new()
    {
        MaxDepth = Limits.JsonDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads one JSON object.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="rules">What differs between a request and an import.</param>
    /// <exception cref="MalformedJsonException">The text is empty, no JSON, not UTF-8, too deep, or has a name twice in one object.</exception>
    /// <exception cref="InvalidInputException">All that is wrong; where a value has the wrong type, the first such place alone.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, InputRules rules)
        where T : IInput<T>
    {
        using var document = Parse(utf8, rules);
        var errors = new InputErrors(utf8);
        var value = ObjectReader.Read<T>(document.RootElement, "#", rules, errors);
        errors.ThrowIfAny();
        return value!;
    }

    static JsonDocument Parse(ReadOnlyMemory<byte> utf8, InputRules rules)
    {
        if (utf8.IsEmpty)
        {
            throw new MalformedJsonException($"The {rules.Noun} is empty; a JSON object belongs here.");
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            throw new MalformedJsonException($"The {rules.Noun} is not valid UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(utf8, options);
        }
        catch (JsonException problem) when (problem.LineNumber is { } line)
        {
            var place = string.Create(
                CultureInfo.InvariantCulture,
                $"line {line + 1}, byte {problem.BytePositionInLine + 1}"
            );
            throw new MalformedJsonException(
                $"The {rules.Noun} is not valid JSON, or nested deeper than {Limits.JsonDepth} levels, at {place}."
            );
        }
        catch (JsonException)
        {
            throw new MalformedJsonException("A member name stands twice in one object.");
        }
        catch (InvalidOperationException)
        {
            // Names are unescaped to compare them, and half of a surrogate pair cannot be.
            throw new InvalidInputException([InputErrors.HalfCharacter("#")]);
        }
    }
}
