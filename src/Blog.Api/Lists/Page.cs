using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data.Lists;
using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Api.Lists;

/// <summary>A page of a list: <c>{"items","limit","next","total","total_is"}</c>.</summary>
/// <param name="Items">In the order of the list; empty where nothing matches.</param>
/// <param name="Limit">How many it may hold: what was asked for, lowered to what is possible.</param>
/// <param name="Next">The cursor of the next page; absent on the last one.</param>
/// <param name="Total">How many there are on all pages; absent where nobody asked.</param>
/// <param name="TotalIs"><c>exact</c>, <c>at_least</c> or <c>planned</c>; absent where nobody asked.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    int Limit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TotalIs
);

/// <summary>200 with a page, and a link to the next one.</summary>
sealed class PageResult<T, TKey>(ListRequest<TKey> request, KeysetPage<T> page, Func<T, byte[]> keyOf)
    : IResult,
        IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var last =
            page.HasMore ? keyOf(page.Items[^1])
            : page.EndedAbove is { } id ? Cursor.KeyOf(id)
            : null;
        var next = last is null ? null : Cursor.Encode(request.Page.Path, request.CanonicalFilters, last);
        if (next is not null)
        {
            httpContext.Response.Headers.Link = $"<{UrlOf(httpContext.Request, next)}>; rel=\"next\"";
        }

        Preferences.Of(httpContext).SayCounted(httpContext.Response);
        return request.Shape.IsWhole
            ? httpContext.Response.WriteJsonAsync(PageOf(page.Items, next))
            : httpContext.Response.WriteJsonAsync(PageOf([.. page.Items.Select(request.Shape.Apply)], next));
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Page<T>), [RequestChecks.Json])
        );
        builder.Metadata.Add(new SentHeaders(StatusCodes.Status200OK, "Link"));
    }

    Page<TItem> PageOf<TItem>(IReadOnlyList<TItem> items, string? next) =>
        new(items, request.Page.Limit, next, page.Total?.Value, page.Total?.Is);

    /// <summary>The request's own path and parameters, with another cursor.</summary>
    string UrlOf(HttpRequest http, string cursor)
    {
        var url = new StringBuilder((http.PathBase + http.Path).ToUriComponent()).Append('?');
        foreach (var (name, value) in request.Parameters)
        {
            if (name != "cursor")
            {
                url.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
            }
        }

        return url.Append("cursor=").Append(cursor).ToString();
    }
}
