// A peer of the service: the same answers from EF Core with pooled contexts, compiled queries that read into the records of the
// answers, and source-generated JSON. It needs the rights of blog_app, and its queries keep few rows under
// plan_cache_mode = force_generic_plan, too.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Blog.Peer.EfCore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateSlimBuilder(args);

// What EF Core logs as an error is a conflict that is tried again; what fails in the end is logged by the server.
builder
    .Logging.SetMinimumLevel(LogLevel.Warning)
    .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
    .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    json.SerializerOptions.TypeInfoResolver = PeerJson.Default;
});

var connection = builder.Configuration.GetConnectionString("Blog");
builder.Services.AddDbContextPool<BlogContext>(options =>
    options
        .UseNpgsql(connection)
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .EnableThreadSafetyChecks(false)
);

var app = builder.Build();
app.MapGet(
    "/users/{id:long}",
    async Task<Results<Ok<UserAnswer>, ProblemHttpResult>> (long id, BlogContext database, CancellationToken ct) =>
        await Reads.GetUser(database, id, ct) is { } user
            ? TypedResults.Ok(user)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound)
);
app.MapGet(
    "/posts",
    async (BlogContext database, CancellationToken ct, int limit = 20, long before = long.MaxValue) =>
    {
        limit = Math.Clamp(limit, 1, 100);
        var items = new List<PostAnswer>(limit + 1);
        await foreach (var post in Reads.ListPosts(database, before, limit + 1).WithCancellation(ct))
        {
            items.Add(post);
        }

        var hasMore = items.Count > limit;
        if (hasMore)
        {
            items.RemoveAt(limit);
        }

        return new PageAnswer(items, limit, hasMore ? items[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }
);
app.MapPost(
    "/users",
    async (UserInput input, BlogContext database, CancellationToken ct) =>
    {
        var user = await Writes.CreateUserAsync(database, input, ct);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/users/{user.Id}"), user);
    }
);
await app.RunAsync();
