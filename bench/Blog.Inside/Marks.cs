using BenchmarkDotNet.Attributes;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Idempotency;
using Blog.Data.Users;

namespace Blog.Inside;

/// <summary>What an answer and a write are known by.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[BenchmarkCategory(nameof(Marks))]
public class Marks
{
    static readonly Revision revision = new(Version: 3, TagEpoch: 1);

    readonly HttpContext context = MakeContext();
    Body<UserCreate>? body;

    /// <summary>Reads the body once.</summary>
    [GlobalSetup]
    public async Task ReadAsync()
    {
        context.Request.Body = new MemoryStream(Samples.NewUser());
        body = await Body<UserCreate>.BindAsync(context);
    }

    /// <summary>The entity tag of a user.</summary>
    [Benchmark]
    public string EntityTag() => EntityTags.OfUser(17, revision);

    /// <summary>The key of a write and what was sent with it, hashed: POST /users with three posts.</summary>
    [Benchmark]
    public async Task<Once<User>> Idempotency()
    {
        var key = await IdempotencyKey.BindAsync(context);
        return key!.For<UserCreate, User>(body!, _ => Results.Empty);
    }

    static DefaultHttpContext MakeContext()
    {
        var made = new DefaultHttpContext();
        made.Request.Method = HttpMethods.Post;
        made.Request.Path = "/users";
        made.Request.ContentType = "application/json";
        made.Request.Headers[IdempotencyKey.Header] = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"";
        return made;
    }
}
