using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Blog.Api.Lists;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Posts;
using Blog.Data.Users;

namespace Blog.Inside;

/// <summary>From records to the body of an answer.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[BenchmarkCategory(nameof(Writing))]
public class Writing
{
    readonly User user = new Stitching().Graph();
    readonly Page<Post> page = Samples.MakePage();
    readonly HttpResponse response = MakeResponse();
    readonly Shape shape = MakeShape();
    readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);

    /// <summary>What is compared comes to the same.</summary>
    [GlobalSetup]
    public void Check()
    {
        GraphByHand();
        Samples.RequireSame(Samples.JsonOf(user), buffer.WrittenSpan.ToArray());
    }

    /// <summary>A user with ten posts and 30 tags.</summary>
    [Benchmark]
    public Task Graph() => response.WriteJsonAsync(user);

    /// <summary>The same by hand, into a buffer that is there.</summary>
    [Benchmark]
    public void GraphByHand()
    {
        buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(
            buffer,
            new() { Encoder = BlogJson.Settings.Encoder, SkipValidation = true }
        );
        json.WriteStartObject();
        json.WriteString("name"u8, user.Name);
        json.WriteNumber("id"u8, user.Id);
        json.WriteStartObject("profile"u8);
        json.WriteString("bio"u8, user.Profile!.Bio);
        json.WriteNumber("id"u8, user.Profile.Id);
        json.WriteEndObject();
        json.WriteStartArray("posts"u8);
        foreach (var post in user.Posts)
        {
            json.WriteStartObject();
            json.WriteString("title"u8, post.Title);
            json.WriteString("content"u8, post.Content);
            json.WriteNumber("id"u8, post.Id);
            json.WriteNumber("author_id"u8, post.AuthorId);
            json.WriteStartArray("tags"u8);
            foreach (var tag in post.Tags)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, tag.Name);
                json.WriteNumber("id"u8, tag.Id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The same without the profile, by the way that fewer members than were read take.</summary>
    [Benchmark]
    public Task GraphOfFewerMembers() => response.WriteJsonAsync<JsonNode>(shape.Apply(user));

    /// <summary>A page of 20 posts with authors and 60 tags.</summary>
    [Benchmark]
    public Task Page() => response.WriteJsonAsync(page);

    static HttpResponse MakeResponse()
    {
        var made = new DefaultHttpContext().Response;
        made.Body = Stream.Null;
        return made;
    }

    static Shape MakeShape()
    {
        var asked = new DefaultHttpContext();
        asked.Request.QueryString = new("?fields=name,id,posts");
        return Shape.Read(QueryReader.Of(asked), Resource.User);
    }
}
