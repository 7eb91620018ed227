namespace Blog.Api.Lists;

/// <summary><c>include</c> and <c>fields</c> of a route that shows one resource. Such a route does not mind parameters it does not have.</summary>
/// <typeparam name="T">The record that is shown.</typeparam>
sealed record View<T>(Shape Shape)
{
    /// <summary>Binds the parameter of an endpoint.</summary>
    public static ValueTask<View<T>> BindAsync(HttpContext context)
    {
        var query = QueryReader.Of(context);
        var shape = Shape.Read(query, Resource.Of<T>());
        query.ThrowIfInvalid();
        return new(new View<T>(shape));
    }
}
