// A peer of the service: the same answers from hand-written Npgsql readers and a Utf8JsonWriter, tag names joined in SQL, nothing
// kept in memory. What it cannot do faster, nobody does who asks the database the same. It needs the rights of blog_app, and its
// statements are written for plan_cache_mode = force_generic_plan.
using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Blog.Peer.Raw;
using Npgsql;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    json.SerializerOptions.TypeInfoResolver = InputJson.Default;
});

await using var database = new NpgsqlSlimDataSourceBuilder(
    new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("Blog"))
    {
        MaxAutoPrepare = 200,
        NoResetOnClose = true,
        MaxPoolSize = Math.Max(4, 2 * Environment.ProcessorCount),
    }.ConnectionString
).EnableArrays().Build();
var reads = new Reads(database);
var writes = new Writes(database);

var app = builder.Build();
app.MapGet(
    "/users/{id:long}",
    async (HttpContext http, long id) =>
    {
        if (!await reads.WriteUserAsync(id, Answer(http), http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.ContentType = "application/problem+json";
            http.Response.BodyWriter.Write("""{"title":"No such user.","status":404}"""u8);
        }
    }
);
app.MapGet(
    "/posts",
    (HttpContext http, int limit = 20, long before = long.MaxValue) =>
        reads.WritePageAsync(Math.Clamp(limit, 1, 100), before, Answer(http), http.RequestAborted)
);
app.MapPost(
    "/users",
    async (HttpContext http, UserInput input) =>
    {
        var created = await writes.CreateUserAsync(input, http.RequestAborted);
        var body = Answer(http);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/users/{created.Id}");
        created.WriteTo(body);
    }
);
await app.RunAsync();

static IBufferWriter<byte> Answer(HttpContext http)
{
    http.Response.ContentType = "application/json";
    return http.Response.BodyWriter;
}
