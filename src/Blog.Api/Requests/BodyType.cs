using Blog.Api.Problems;
using Microsoft.Net.Http.Headers;

namespace Blog.Api.Requests;

/// <summary>What a body says that it is.</summary>
static class BodyType
{
    /// <summary>Whether the body is of one of these types, in UTF-8 and without a content coding.</summary>
    public static bool IsOneOf(HttpRequest request, params ReadOnlySpan<string> mediaTypes)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsUtf8(type) || IsCoded(request))
        {
            return false;
        }

        foreach (var mediaType in mediaTypes)
        {
            if (type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    static bool IsCoded(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding
        && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The body has a type, a charset or a coding that is not read here.</summary>
public sealed class UnsupportedMediaTypeException() : Exception(KnownProblems.UnsupportedMediaType.Detail);
