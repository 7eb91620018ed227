using System.Reflection;
using Blog.Data.Input;
using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Api.Requests;

/// <summary>The JSON body of a request, read into its shape with every rule checked.</summary>
/// <param name="Value">What was sent, normalised.</param>
public sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider
    where T : IInput<T>
{
    const string Json = "application/json";
    const string MergePatch = "application/merge-patch+json";

    /// <summary>As it was sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Binds the parameter of an endpoint.</summary>
    /// <exception cref="UnsupportedMediaTypeException">The Content-Type or the Content-Encoding is not read here.</exception>
    /// <exception cref="BadHttpRequestException">The body is larger than the limit, or ended before it was whole.</exception>
    /// <exception cref="MalformedJsonException">The body is not JSON that is accepted.</exception>
    /// <exception cref="InvalidInputException">The body breaks rules: all of them.</exception>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        var request = context.Request;
        if (!BodyType.IsOneOf(request, HttpMethods.IsPatch(request.Method) ? [MergePatch, Json] : [Json]))
        {
            throw new UnsupportedMediaTypeException();
        }

        using var bytes = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 64 * 1024));
        await request.Body.CopyToAsync(bytes, context.RequestAborted);
        var rules = Preferences.Of(context).IsStrict ? InputRules.StrictRequest : InputRules.Request;
        var sent = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        return new(JsonInput.Read<T>(sent, rules)) { Bytes = sent };
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(IsPatch(builder) ? [MergePatch, Json] : [Json], typeof(T)));

    static bool IsPatch(EndpointBuilder builder) =>
        builder
            .Metadata.OfType<HttpMethodMetadata>()
            .Any(methods => methods.HttpMethods.Contains(HttpMethods.Patch, StringComparer.Ordinal));
}
