using Blog.Api;
using Blog.Api.Contract;
using Blog.Api.Health;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Api.Users;

var builder = WebApplication.CreateBuilder(args);
builder.AddServer();
builder.AddProblems();
builder.AddContract();
await using var database = await builder.AddDatabaseAsync();

var app = builder.Build();
app.UseMiddleware<ResponseHeaders>();
app.Use(MethodRules.AnswerHeadAsGetAsync);
app.UseExceptionHandler(_ => { });
app.UseStatusCodePages(context => MethodRules.ExplainAsync(context.HttpContext));
app.UseRouting();
app.Use(RequestChecks.CheckAsync);
app.MapUsers();
app.MapProfiles();
app.MapProblems();
app.MapHealth();
app.MapContract();
await app.RunOrWriteContractAsync();
