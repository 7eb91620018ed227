using System.Globalization;
using System.Net.Http.Headers;
using Blog.Data.Lists;

namespace Blog.Api.Requests;

/// <summary>What the client prefers (RFC 7240). What is honoured is said in Preference-Applied.</summary>
public sealed class Preferences
{
    const string PreferenceApplied = "Preference-Applied";

    const int MaxWait = 30;

    static readonly Preferences none = new();

    readonly Dictionary<string, string> known = new(StringComparer.OrdinalIgnoreCase);
    string? unknown;

    /// <summary><c>handling=strict</c>: what is not known here is an error instead of being ignored.</summary>
    public bool IsStrict => known.GetValueOrDefault("handling") == "strict";

    /// <summary><c>return=minimal</c>: no body where nothing is asked for.</summary>
    public bool PrefersNoBody => known.GetValueOrDefault("return") == "minimal";

    /// <summary><c>count=</c>: whether and how a list is counted.</summary>
    public CountMode Count =>
        known.GetValueOrDefault("count") switch
        {
            "exact" => CountMode.Exact,
            "planned" => CountMode.Planned,
            _ => CountMode.None,
        };

    /// <summary><c>wait=</c>: for how many seconds the client waits, 1 to 30; null where it does not say.</summary>
    public int? Wait =>
        known.TryGetValue("wait", out var seconds) ? int.Parse(seconds, CultureInfo.InvariantCulture) : null;

    /// <summary>The first preference that is not known here, or whose value is not; null where there is none.</summary>
    public string? Unknown => unknown;

    /// <summary>The preferences of a request, read once.</summary>
    public static Preferences Of(HttpContext context)
    {
        if (context.Request.Headers["Prefer"].Count == 0)
        {
            return none;
        }

        if (context.Features.Get<Preferences>() is { } read)
        {
            return read;
        }

        var preferences = new Preferences();
        foreach (
            var item in context
                .Request.Headers["Prefer"]
                .SelectMany(line => Split(line ?? "", ','))
                .Where(item => item.Length > 0)
        )
        {
            preferences.Add(item);
        }

        if (preferences.known.TryGetValue("handling", out var handling))
        {
            // Said when the response starts, because an error clears the headers that were set before it.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.AppendCommaSeparatedValues(PreferenceApplied, $"handling={handling}");
                return Task.CompletedTask;
            });
        }

        context.Features.Set(preferences);
        return preferences;
    }

    /// <summary>Binds the parameter of an endpoint.</summary>
    public static ValueTask<Preferences> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    /// <summary>Whether a write answers without a body, and says so.</summary>
    public bool WantsNoBody(HttpResponse response)
    {
        if (known.TryGetValue("return", out var preferred))
        {
            response.Headers.AppendCommaSeparatedValues(PreferenceApplied, $"return={preferred}");
        }

        return PrefersNoBody;
    }

    /// <summary>Says in which way a list was counted, where the client has said how.</summary>
    public void SayCounted(HttpResponse response)
    {
        if (known.TryGetValue("count", out var preferred))
        {
            response.Headers.AppendCommaSeparatedValues(PreferenceApplied, $"count={preferred}");
        }
    }

    /// <summary>Says that the client's time is the deadline; when the response starts, because an error clears the headers that were set before it.</summary>
    public TimeSpan SayWaited(HttpResponse response, int seconds)
    {
        response.OnStarting(() =>
        {
            response.Headers.AppendCommaSeparatedValues(PreferenceApplied, $"wait={seconds}");
            return Task.CompletedTask;
        });
        return TimeSpan.FromSeconds(seconds);
    }

    void Add(string item)
    {
        if (item[0] == ';' || !NameValueWithParametersHeaderValue.TryParse(WithoutGaps(item), out var preference))
        {
            unknown ??= item;
            return;
        }

        var (name, value) = (preference.Name.ToLowerInvariant(), preference.Value?.Trim('"').ToLowerInvariant());
        var isKnown =
            (name, value)
                is
                    ("return", "minimal" or "representation")
                    or
                    ("handling", "strict" or "lenient")
                    or
                    ("count", "none" or "exact" or "planned")
            || (name == "wait" && IsWait(value));
        if (isKnown)
        {
            // The first one counts where a preference stands twice (RFC 7240, section 2).
            known.TryAdd(name, value!);
        }
        else
        {
            unknown ??= name;
        }
    }

    /// <summary>1 to 30, as a number is written.</summary>
    static bool IsWait(string? value) =>
        value is { Length: 1 or 2 }
        && value.All(char.IsAsciiDigit)
        && value[0] != '0'
        && int.Parse(value, CultureInfo.InvariantCulture) <= MaxWait;

    /// <summary>A parameter may be empty (RFC 7240, section 2); the parser does not know that.</summary>
    static string WithoutGaps(string item) => string.Join(';', Split(item, ';').Where(part => part.Length > 0));

    /// <summary>Cuts where the separator stands outside of quotes; an element may be empty (RFC 9110, section 5.6.1.2).</summary>
    static IEnumerable<string> Split(string text, char separator)
    {
        var (start, isQuoted) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            isQuoted ^= text[at] == '"';
            if (text[at] == separator && !isQuoted)
            {
                yield return text[start..at].Trim();
                start = at + 1;
            }
        }

        yield return text[start..].Trim();
    }
}
