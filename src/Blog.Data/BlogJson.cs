using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Blog.Data.Input;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;

namespace Blog.Data;

/// <summary>How the records are written as JSON: snake_case, characters as they are, members in the order of the record.</summary>
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(Post))]
[JsonSerializable(typeof(PostTags))]
[JsonSerializable(typeof(UserCreate))]
[JsonSerializable(typeof(UserUpdate))]
[JsonSerializable(typeof(UserPatch))]
[JsonSerializable(typeof(ProfilePut))]
[JsonSerializable(typeof(PostCreate))]
[JsonSerializable(typeof(PostUpdate))]
[JsonSerializable(typeof(PostPatch))]
[JsonSerializable(typeof(TagNames))]
[JsonSerializable(typeof(Tag))]
[JsonSerializable(typeof(TagWrite))]
[JsonSerializable(typeof(IReadOnlyList<InputError>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
public sealed partial class BlogJson : JsonSerializerContext
{
    /// <summary>For whoever writes these records.</summary>
    public static JsonSerializerOptions Settings { get; } = MakeSettings();

    static JsonSerializerOptions MakeSettings()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new BlogJson(),
        };
        options.MakeReadOnly();
        return options;
    }
}
