using System.Text;

namespace Blog.Api.Admin.Pages;

/// <summary>A page for people. It loads its style from here, and nothing else; nothing on it runs.</summary>
/// <param name="title">What it is about; the name of the document.</param>
/// <param name="content">What is on it, from the first heading on.</param>
/// <param name="status">Of the answer.</param>
sealed class HtmlPage(string title, Html content, int status = StatusCodes.Status200OK) : IResult
{
    public const string ContentType = "text/html";

    const string Policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = Encoding.UTF8.GetBytes(Write().ToString());
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = $"{ContentType}; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Referrer-Policy"] = "same-origin";
        return response.Body.WriteAsync(body, 0, body.Length, httpContext.RequestAborted);
    }

    Html Write() =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>{title} - Blog</title>
              <link rel="stylesheet" href="{StyleSheet.Path}">
            </head>
            <body>
            <a class="skip" href="#content">To the content</a>
            <header class="top">
              <nav aria-label="Pages">
                <strong>Blog</strong>
                <a href="/sql">Catalogue</a>
                <a href="/sql/audit">Audit</a>
              </nav>
            </header>
            <main id="content">
            {content}
            </main>
            </body>
            </html>

            """;
}
