using System.Reflection;

namespace Blog.Api.Admin.Pages;

/// <summary>How the pages look: the file style.css beside this one.</summary>
sealed class StyleSheet : IResult
{
    public const string Path = "/sql/style.css";
    public const string ContentType = "text/css";

    static readonly byte[] file = Load();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{ContentType}; charset=utf-8";
        response.ContentLength = file.Length;
        return response.Body.WriteAsync(file, 0, file.Length, httpContext.RequestAborted);
    }

    static byte[] Load()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("style.css")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
