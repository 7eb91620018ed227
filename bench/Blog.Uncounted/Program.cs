// The service as src/Blog.Api/Program.cs puts it together, without what bench/cost measures: it counts nothing it asks of the
// database, says nothing of it in headers, and measures nothing.
using Blog.Api;
using Blog.Api.Access;
using Blog.Api.Posts;
using Blog.Api.Requests;
using Blog.Api.Tags;
using Blog.Api.Telemetry;
using Blog.Api.Users;

NativeHeap.GiveBack();

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddSettings();
builder.AddServer();
builder.AddCrossOrigin();
builder.AddProblems();
builder.AddLog();
await using var database = await builder.AddDatabaseAsync();

var app = builder.Build();
app.UseKnownProxies();
app.Use(MethodRules.AnswerHeadAsGetAsync);
app.UseExceptionHandler(_ => { });
app.UseStatusCodePages(context => MethodRules.ExplainAsync(context.HttpContext));
app.UseCrossOrigin();
app.UseRouting();
app.UseAccess();
app.UseRateLimits();
app.Use(Deadlines.BoundAsync);
app.Use(RequestChecks.CheckAsync);
var resources = app.MapGroup("").WithAttempts();
resources.MapUsers();
resources.MapPosts();
resources.MapTags();
await app.RunAsync();
