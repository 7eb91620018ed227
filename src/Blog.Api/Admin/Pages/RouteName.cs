using Blog.Api.Contract;

namespace Blog.Api.Admin.Pages;

/// <summary>An operation as it is called: its method in a colour of its own, and its path.</summary>
static class RouteName
{
    public static Html Of(SqlOperation operation) =>
        $"""<span class="method {Kind(operation.Method)}">{operation.Method}</span> <span class="path">{operation.Path}</span>""";

    static string Kind(string method) =>
        method switch
        {
            "GET" => "reads",
            "DELETE" => "deletes",
            _ => "writes",
        };
}
