namespace Blog.Api.Access;

/// <summary>Who asks, found out before anything of the request is looked at.</summary>
static class AccessRules
{
    /// <summary>Nobody signs in: whoever asks may do everything.</summary>
    public static Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(Caller.Anybody);
        return next(context);
    }
}
