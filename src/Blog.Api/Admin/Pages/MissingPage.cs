using Blog.Data.Catalogue;
using Blog.Data.Input;

namespace Blog.Api.Admin.Pages;

/// <summary>There is no such file; and which one was meant.</summary>
static class MissingPage
{
    public static HtmlPage Of(string id) => new("Not found", Write(id), StatusCodes.Status404NotFound);

    static Html Write(string id) =>
        $"""
            <h1>There is no <code>sql/queries/{id}.sql</code></h1>
            {Html.When(
                Spelling.FindNear(id, QueryCatalogue.All.Select(query => query.Id)),
                near => $"""<p>Did you mean <a href="/sql/{near}">{near}</a>?</p>"""
            )}
            <p>The <a href="/sql?sort=name">catalogue</a> has all of them.</p>
            """;
}
