using Blog.Data.Catalogue;

namespace Blog.Api.Admin.Pages;

/// <summary>What somebody has filled in to see the plans of a file.</summary>
/// <param name="Query">The file.</param>
/// <param name="Values">Of its parameters, as they were sent; what was left empty is not among them.</param>
/// <param name="IsSent">Whether anything was sent at all.</param>
/// <param name="IsFromHere">Whether it was sent from a page of this service, or by somebody who typed the address: nobody else makes it work.</param>
sealed record PlanForm(Query Query, IReadOnlyDictionary<string, string?> Values, bool IsSent, bool IsFromHere)
{
    /// <summary>Sent by the button where a file has no parameter that could be.</summary>
    public const string Button = "run";

    public static PlanForm Read(Query query, HttpRequest request)
    {
        var values = query
            .Parameters.Where(parameter => !string.IsNullOrEmpty(request.Query[parameter.Name]))
            .ToDictionary(
                parameter => parameter.Name,
                parameter => (string?)request.Query[parameter.Name].ToString(),
                StringComparer.Ordinal
            );
        return new(
            query,
            values,
            request.Query.ContainsKey(Button)
                || query.Parameters.Any(parameter => request.Query.ContainsKey(parameter.Name)),
            // https://www.w3.org/TR/fetch-metadata/: browsers say where a request comes from, nothing else does.
            request.Headers["Sec-Fetch-Site"].ToString()
                is ""
                    or "none"
                    or "same-origin"
        );
    }

    /// <summary>What is wrong with it without asking anybody; null where nothing is.</summary>
    public string? Error =>
        Values.Values.Any(value => value!.Contains('\0', StringComparison.Ordinal))
            ? "No text of PostgreSQL has the character U+0000."
            : null;

    /// <summary>The form itself, with everything as it was filled in.</summary>
    /// <param name="error">What is wrong with it; null where nothing is known to be.</param>
    public Html Write(string? error) =>
        $"""
            <form method="get" action="/sql/{Query.Id}/plan">
            {Html.When(
                error,
                text => $"""<p class="notice bad" role="alert" id="wrong"><strong>Not accepted.</strong> {text}</p>"""
            )}
            {Html.When(Query.Parameters.Count > 0, Fields(error))}
            <p><button name="{Button}" value="1">{(Query.Writes ? "Estimate" : "Measure")} both plans</button></p>
            </form>
            """;

    Html Fields(string? error) =>
        $"""
            <fieldset>
            <legend>Arguments</legend>
            <p class="fine">As PostgreSQL writes them; empty is null. {Query.Header["in"]}</p>
            <div class="fields">{Query.Parameters.Select(parameter => Field(parameter, error))}</div>
            </fieldset>
            """;

    Html Field(QueryParameter parameter, string? error)
    {
        var value = Values.GetValueOrDefault(parameter.Name);
        // PostgreSQL quotes the value that it cannot read.
        var isWrong = value is not null && error?.Contains($"\"{value}\"", StringComparison.Ordinal) == true;
        return $"""
            <div class="field">
            <label for="a-{parameter.Name}">{parameter.Name} <span class="type">{parameter.Type}</span></label>
            <input id="a-{parameter.Name}" name="{parameter.Name}" value="{value}" placeholder="{Example(parameter.Type)}" autocomplete="off" autocapitalize="off" spellcheck="false"{Html.When(
                isWrong,
                $""" aria-invalid="true" aria-describedby="wrong" """
            )}>
            </div>
            """;
    }

    static string Example(string type) =>
        type switch
        {
            "bigint" or "int" => "8",
            "boolean" => "true",
            "bigint[]" or "int[]" => "{1,2}",
            "text[]" => "{red,blue}",
            _ => "",
        };
}
