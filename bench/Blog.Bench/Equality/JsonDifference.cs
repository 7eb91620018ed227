using System.Globalization;
using System.Text.Json;

namespace Blog.Bench.Equality;

/// <summary>What two JSON values have apart. The order of members does not count, and times are equal where they are the same moment.</summary>
/// <param name="isSetAside">Names of members that may differ, or be missing.</param>
sealed class JsonDifference(Func<string, bool> isSetAside)
{
    public static JsonDifference OfEverything { get; } = new(_ => false);

    /// <summary>But for what a database gives of itself: ids and times.</summary>
    public static JsonDifference OfWhatWasSent { get; } =
        new(name =>
            name is "id"
            || name.EndsWith("_id", StringComparison.Ordinal)
            || name.EndsWith("_at", StringComparison.Ordinal)
        );

    /// <summary>The first one, as a sentence with its place; null where they are equal.</summary>
    public string? Find(JsonElement one, JsonElement other, string place = "") =>
        (one.ValueKind, other.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => OfObjects(one, other, place),
            (JsonValueKind.Array, JsonValueKind.Array) => OfArrays(one, other, place),
            (JsonValueKind.String, JsonValueKind.String) when IsSameMoment(one.GetString()!, other.GetString()!) =>
                null,
            _ => JsonElement.DeepEquals(one, other)
                ? null
                : $"{(place.Length > 0 ? place : "/")} is {Short(one)} here and {Short(other)} there",
        };

    string? OfObjects(JsonElement one, JsonElement other, string place)
    {
        var here = Members(one);
        var there = Members(other);
        return there.Keys.Except(here.Keys, StringComparer.Ordinal).FirstOrDefault() is { } missing
                ? $"{place}/{missing} is only there"
            : here.Keys.Except(there.Keys, StringComparer.Ordinal).FirstOrDefault() is { } more
                ? $"{place}/{more} is only here"
            : here.Select(member => Find(member.Value, there[member.Key], $"{place}/{member.Key}"))
                .FirstOrDefault(difference => difference is not null);
    }

    string? OfArrays(JsonElement one, JsonElement other, string place) =>
        one.GetArrayLength() != other.GetArrayLength()
            ? $"{place} has {one.GetArrayLength()} elements here and {other.GetArrayLength()} there"
            : one.EnumerateArray()
                .Zip(other.EnumerateArray())
                .Select((pair, at) => Find(pair.First, pair.Second, $"{place}/{at}"))
                .FirstOrDefault(difference => difference is not null);

    Dictionary<string, JsonElement> Members(JsonElement value) =>
        value
            .EnumerateObject()
            .Where(member => !isSetAside(member.Name))
            .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    static bool IsSameMoment(string one, string other) => MomentOf(one) is { } moment && MomentOf(other) == moment;

    static DateTimeOffset? MomentOf(string text) =>
        text is [>= '0' and <= '9', _, _, _, '-', _, _, '-', ..]
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;

    static string Short(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 80 ? text[..80] + "..." : text;
    }
}
