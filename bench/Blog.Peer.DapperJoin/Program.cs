// A peer of the service: the same answers from Dapper as its tutorials show it, one join of everything and a dictionary that folds
// the rows. It needs the rights of blog_app, and its statements are written for plan_cache_mode = force_generic_plan.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Blog.Peer.DapperJoin;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

DefaultTypeMap.MatchNamesWithUnderscores = true;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
    json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    json.SerializerOptions.TypeInfoResolver = PeerJson.Default;
});

await using var database = NpgsqlDataSource.Create(
    new NpgsqlConnectionStringBuilder(builder.Configuration.GetConnectionString("Blog"))
    {
        MaxAutoPrepare = 200,
        NoResetOnClose = true,
        MaxPoolSize = Math.Max(4, 2 * Environment.ProcessorCount),
    }
);
var reads = new Reads(database);
var writes = new Writes(database);

var app = builder.Build();
app.MapGet(
    "/users/{id:long}",
    async Task<Results<Ok<User>, ProblemHttpResult>> (long id) =>
        await reads.GetUserAsync(id) is { } user
            ? TypedResults.Ok(user)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound)
);
app.MapGet(
    "/posts",
    (int limit = 20, long before = long.MaxValue) => reads.ListPostsAsync(Math.Clamp(limit, 1, 100), before)
);
app.MapPost(
    "/users",
    async (UserInput input) =>
    {
        var user = await writes.CreateUserAsync(input);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/users/{user.Id}"), user);
    }
);
await app.RunAsync();
