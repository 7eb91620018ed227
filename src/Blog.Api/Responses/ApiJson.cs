using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Blog.Api.Contract;
using Blog.Api.Health;
using Blog.Api.Problems;
using Blog.Api.Users;
using Blog.Data;

namespace Blog.Api.Responses;

/// <summary>Everything that is sent as JSON, and the one way to send it.</summary>
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ProblemCode))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(HealthState))]
[JsonSerializable(typeof(ServiceDescription))]
sealed partial class ApiJson : JsonSerializerContext
{
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    /// <summary>The same rules for whatever ASP.NET Core itself writes or describes.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = Options.PropertyNamingPolicy;
        options.Encoder = Options.Encoder;
        options.TypeInfoResolverChain.Insert(0, Options.TypeInfoResolver!);
    }

    static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(BlogJson.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(Default, BlogJson.Default),
        };
        options.MakeReadOnly();
        return options;
    }
}

static class JsonResponse
{
    /// <summary>Sends a value with its length. The status is set before.</summary>
    public static Task WriteJsonAsync<T>(this HttpResponse response, T value, string contentType = "application/json")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)ApiJson.Options.GetTypeInfo(typeof(T)));
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, response.HttpContext.RequestAborted);
    }
}
