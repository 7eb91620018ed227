using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Blog.Api.Problems;

/// <summary>What a code means, for whoever follows the <c>type</c> of an error in a browser. It loads nothing and runs nothing.</summary>
sealed class ProblemPage(Problem problem) : IResult
{
    public const string ContentType = "text/html";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = Encoding.UTF8.GetBytes(Write());
        var response = httpContext.Response;
        response.ContentType = $"{ContentType}; charset=utf-8";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, httpContext.RequestAborted);
    }

    string Write() =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{Escape(problem.Code)}</title>
            </head>
            <body>
              <h1>{Escape(problem.Code)}</h1>
              <p>{problem.Status} {Escape(ReasonPhrases.GetReasonPhrase(problem.Status))}</p>
              <p>{Escape(problem.Detail)}.</p>
              <h2>What to do</h2>
              <p>{Escape(problem.Remedy)}</p>
            </body>
            </html>

            """;

    static string Escape(string text) => HtmlEncoder.Default.Encode(text);
}
