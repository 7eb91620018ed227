namespace Blog.Api.Access;

/// <summary>Which right an operation needs.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>; null where it is open to everybody.</param>
sealed record RequiredScope(string? Scope)
{
    /// <summary>Of an endpoint; one that says nothing is for administrators. Null where it is open to everybody.</summary>
    public static string? Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RequiredScope>() is { } required ? required.Scope : Scopes.Admin;
}

static class RequiredScopeMetadata
{
    /// <summary>The operation is for those whose token has this right. On a group it is the right of every operation that names none.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(scope));

    /// <summary>The operation is open to everybody, whatever the mode.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(Scope: null));
}
