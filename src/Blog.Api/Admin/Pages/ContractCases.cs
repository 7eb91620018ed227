using Blog.Data.Catalogue;
using Blog.Data.Plans;

namespace Blog.Api.Admin.Pages;

/// <summary>Links that fill the form of a file with the arguments of a case of its plan contract.</summary>
static class ContractCases
{
    /// <summary>A longer address is not for a link: a hundred titles.</summary>
    const int LongestAddress = 500;

    /// <summary>No markup where no case can be filled in: it goes behind another file, or says too much.</summary>
    public static Html Of(Query query)
    {
        var contract = PlanContracts.Find(query);
        var links = contract
            .Cases.Where(one => one.First.Count == 0)
            .Select(one => (one.Name, Address: AddressOf(contract, one)))
            .Where(link => link.Address.Length <= LongestAddress)
            .Select(Link)
            .ToList();
        return Html.When(
            links.Count > 0 && query.Parameters.Count > 0,
            $"""<p class="fine">Cases of its contract, in rows of sql/plans/fill.sql:</p><ul class="plain fine">{links}</ul>"""
        );
    }

    static string AddressOf(PlanContract contract, PlanCase one)
    {
        var arguments = one.With.Arguments.Over(contract.Given.Arguments).At(PlanScale.Small);
        return $"/sql/{contract.Query.Id}/plan?"
            + string.Join(
                '&',
                arguments
                    .Where(argument => argument.Value is not null)
                    .Select(argument => $"{argument.Key}={Uri.EscapeDataString(argument.Value!)}")
            );
    }

    static Html Link((string Name, string Address) link) => $"""<li><a href="{link.Address}">{link.Name}</a></li>""";
}
