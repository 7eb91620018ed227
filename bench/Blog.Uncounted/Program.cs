// The service as src/Blog.Api/Program.cs puts it together, without what bench/cost measures: it counts nothing it asks of the
// database, says nothing of it in headers, and measures nothing.
using Blog.Api;
using Blog.Api.Posts;
using Blog.Api.Requests;
using Blog.Api.Tags;
using Blog.Api.Telemetry;
using Blog.Api.Users;

var builder = WebApplication.CreateBuilder(args);
builder.AddServer();
builder.AddProblems();
builder.AddLog();
await using var database = await builder.AddDatabaseAsync();

var app = builder.Build();
app.Use(MethodRules.AnswerHeadAsGetAsync);
app.UseExceptionHandler(_ => { });
app.UseStatusCodePages(context => MethodRules.ExplainAsync(context.HttpContext));
app.UseRouting();
app.Use(RequestChecks.CheckAsync);
app.MapUsers();
app.MapPosts();
app.MapTags();
await app.RunAsync();
