using System.Runtime.InteropServices;
using System.Text.Json;

namespace Blog.Data.Input;

/// <summary>Collects what is wrong with one JSON text.</summary>
sealed class InputErrors(ReadOnlyMemory<byte> utf8)
{
    readonly List<InputError> errors = [];
    (int Offset, InputError Error)? wrongType;

    /// <summary>Whether as much was found as is named; what comes then is not kept.</summary>
    public bool IsFull => errors.Count >= Limits.Errors;

    public void Add(InputError error)
    {
        if (!IsFull)
        {
            errors.Add(error);
        }
    }

    /// <summary>A value of the wrong type; only the first one of the text is kept.</summary>
    public void AddWrongType(JsonElement value, string pointer, string expected)
    {
        utf8.Span.Overlaps(JsonMarshal.GetRawUtf8Value(value), out var offset);
        if (wrongType is null || offset < wrongType.Value.Offset)
        {
            var detail = $"Expected {expected}, found {Describe(value.ValueKind)}.";
            wrongType = (offset, new(InputCodes.InvalidType, detail) { Pointer = pointer });
        }
    }

    /// <exception cref="InvalidInputException">Anything was added.</exception>
    public void ThrowIfAny()
    {
        if (wrongType is { } first)
        {
            throw new InvalidInputException([first.Error]);
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    public static InputError HalfCharacter(string pointer) =>
        new(InputCodes.InvalidCharacter, "Half of a surrogate pair is not a character.") { Pointer = pointer };

    static string Describe(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            _ => "null",
        };
}
