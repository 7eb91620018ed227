using System.Globalization;
using Blog.Api.Problems;
using Blog.Data.Input;

namespace Blog.Api.Requests;

/// <summary>A parameter of the query that names another row of the kind that the path names.</summary>
/// <param name="Parameter">As it stands in the query.</param>
public sealed record Reference(string Parameter);

/// <summary>What is checked of such a parameter before the endpoint binds it. Whether the row exists, the write itself finds out.</summary>
static class References
{
    /// <summary>Lets the operation take the id of another row.</summary>
    public static TBuilder WithReference<TBuilder>(this TBuilder builder, string parameter)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Reference(parameter));

    /// <summary>422: no such row, or the very one that the path names.</summary>
    public static Problem Invalid(string parameter) =>
        KnownProblems.InvalidReference with
        {
            Errors =
            [
                new(InputCodes.OutOfRange, "The id of another row that exists belongs here.") { Parameter = parameter },
            ],
        };

    public static Problem? Check(HttpContext context, RouteEndpoint endpoint)
    {
        if (
            endpoint.Metadata.GetMetadata<Reference>()?.Parameter is not { } parameter
            || !context.Request.Query.TryGetValue(parameter, out var values)
        )
        {
            return null;
        }

        if (values is not [{ } text] || !RequestChecks.IsInteger(text))
        {
            return KnownProblems.InvalidParameter with
            {
                Errors = [new(InputCodes.InvalidFormat, "One whole number belongs here.") { Parameter = parameter }],
            };
        }

        return TryRead(text, out var id) && TryRead((string)context.GetRouteValue("id")!, out var own) && id != own
            ? null
            : Invalid(parameter);
    }

    static bool TryRead(string text, out long id) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);
}
