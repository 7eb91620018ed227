using System.Globalization;

namespace Blog.Api.Access;

/// <summary>A write of what belongs to the user whom the path names.</summary>
sealed record OwnedByPath
{
    /// <summary>Whether the write can only be refused, after a look whether there is such a user at all.</summary>
    public static bool LooksAtOwner(HttpContext context, EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<OwnedByPath>() is not null
        && Caller.Of(context).OwnerId is { } owner
        && !(
            long.TryParse((string?)context.GetRouteValue("id"), CultureInfo.InvariantCulture, out var id) && id == owner
        );
}

static class OwnedByPathMetadata
{
    /// <summary>What the operation writes belongs to the user whom the path names.</summary>
    public static TBuilder OwnedByPath<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OwnedByPath());
}
