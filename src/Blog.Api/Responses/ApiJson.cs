using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Blog.Api.Contract;
using Blog.Api.Health;
using Blog.Api.Lists;
using Blog.Api.Problems;
using Blog.Api.Users;
using Blog.Data;
using Blog.Data.Migrations;
using Blog.Data.Operate;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;

namespace Blog.Api.Responses;

/// <summary>Everything that is sent as JSON, and the one way to send it.</summary>
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ProblemDescription))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(LineAnswer))]
[JsonSerializable(typeof(HealthState))]
[JsonSerializable(typeof(ReadinessState))]
[JsonSerializable(typeof(ServiceDescription))]
[JsonSerializable(typeof(QueryList))]
[JsonSerializable(typeof(QueryItem))]
[JsonSerializable(typeof(QueryPlans))]
[JsonSerializable(typeof(PlanComparison))]
[JsonSerializable(typeof(RequestReceipt))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(MigrationList))]
[JsonSerializable(typeof(Page<User>))]
[JsonSerializable(typeof(Page<Post>))]
[JsonSerializable(typeof(Page<Tag>))]
[JsonSerializable(typeof(Page<JsonNode>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
sealed partial class ApiJson : JsonSerializerContext
{
    public static JsonSerializerOptions Settings { get; } = MakeSettings();

    /// <summary>The same rules for whatever ASP.NET Core itself writes or describes.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = Settings.PropertyNamingPolicy;
        options.Encoder = Settings.Encoder;
        options.NumberHandling = Settings.NumberHandling;
        options.TypeInfoResolverChain.Insert(0, Settings.TypeInfoResolver!);
    }

    static JsonSerializerOptions MakeSettings()
    {
        var options = new JsonSerializerOptions(BlogJson.Settings)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(new ApiJson(), new BlogJson()),
        };
        options.MakeReadOnly();
        return options;
    }
}

static class JsonResponse
{
    const int UsualLength = 16 * 1024;
    const int LargestKept = 64 * 1024;

    // Code that was generated writes where the settings have no encoder; the writer has it. What it leaves to the serializer, a value
    // that may be missing, is written by the settings of its own context.
    static readonly JsonSerializerOptions settings = WithoutEncoder(
        JsonTypeInfoResolver.Combine(new ApiJson(WithoutEncoder(null)), new BlogJson(WithoutEncoder(null)))
    );

    static readonly JsonWriterOptions options = new() { Encoder = ApiJson.Settings.Encoder, SkipValidation = true };

    // One answer after the other is written to the same place, so that none leaves a copy behind.
    [ThreadStatic]
    static ArrayBufferWriter<byte>? placeOfThread;

    /// <summary>
    /// Sends a value with its length. The status is set before. It is sent after the deadline as well: what is done is not told to have failed.
    /// </summary>
    public static async Task WriteJsonAsync<T>(
        this HttpResponse response,
        T value,
        string contentType = "application/json"
    )
    {
        Write(response, value, contentType);
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    static JsonSerializerOptions WithoutEncoder(IJsonTypeInfoResolver? types) =>
        new(ApiJson.Settings) { Encoder = null, TypeInfoResolver = types };

    /// <summary>Writes it aside, because its length stands before it.</summary>
    static void Write<T>(HttpResponse response, T value, string contentType)
    {
        var place = placeOfThread ??= new(UsualLength);
        place.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(place, options))
        {
            JsonSerializer.Serialize(json, value, (JsonTypeInfo<T>)settings.GetTypeInfo(typeof(T)));
        }

        response.ContentType = contentType;
        response.ContentLength = place.WrittenCount;
        response.BodyWriter.Write(place.WrittenSpan);
        if (place.Capacity > LargestKept)
        {
            placeOfThread = null;
        }
    }
}
