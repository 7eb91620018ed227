using System.Text.Json.Serialization;

namespace Blog.Data.Input;

/// <summary>One thing that is wrong with what was sent, and where. Of the three places only one is set.</summary>
/// <param name="Code">Stable name, one of <see cref="InputCodes"/>.</param>
/// <param name="Detail">For a person.</param>
public sealed record InputError(
    [property: JsonPropertyOrder(1)] string Code,
    [property: JsonPropertyOrder(2)] string Detail
)
{
    /// <summary>Place in a JSON body, as a URI fragment (RFC 6901, section 6): <c>#/posts/0/title</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pointer { get; init; }

    /// <summary>Name of a parameter of the query or the path.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parameter { get; init; }

    /// <summary>Name of a header.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Header { get; init; }

    /// <summary>Line of an import, from 1; null elsewhere.</summary>
    [JsonPropertyOrder(-1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    /// <summary>The limit that was passed; null where the problem is another.</summary>
    [JsonPropertyOrder(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Limit { get; init; }
}

/// <summary>The codes of an <see cref="InputError"/>.</summary>
public static class InputCodes
{
    /// <summary>A member that must be there is not.</summary>
    public const string Required = "required";

    /// <summary>A text without any character that is not white space.</summary>
    public const string Blank = "blank";

    /// <summary>A text above its limit.</summary>
    public const string TooLong = "too_long";

    /// <summary>A list above its limit.</summary>
    public const string TooMany = "too_many";

    /// <summary>A value of another JSON type than the member has, null among them.</summary>
    public const string InvalidType = "invalid_type";

    /// <summary>A parameter or header that is not in its form.</summary>
    public const string InvalidFormat = "invalid_format";

    /// <summary>A number other than the ones that are possible here.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>A text with U+0000 or half of a surrogate pair.</summary>
    public const string InvalidCharacter = "invalid_character";

    /// <summary>A member that the shape does not have, where the client asked to be told.</summary>
    public const string UnknownMember = "unknown_member";
}

/// <summary>The bytes are not one JSON text, or not one that is accepted (UTF-8, each name once, at most 16 levels).</summary>
public sealed class MalformedJsonException(string message) : Exception(message);

/// <summary>The JSON is well-formed and does not say what it must: all that is wrong with it.</summary>
public sealed class InvalidInputException(IReadOnlyList<InputError> errors) : Exception("The input is invalid.")
{
    /// <summary>At least one, in the order of the shape; where there are <see cref="Limits.Errors"/>, there may be more.</summary>
    public IReadOnlyList<InputError> Errors => errors;
}
