using System.Net;
using System.Text.RegularExpressions;
using Blog.Api.Admin.Pages;
using Blog.Data.Catalogue;

namespace Blog.Api.Tests.Admin;

/// <summary>Markup that cannot be made from text by mistake.</summary>
public sealed class HtmlTests
{
    [Fact]
    public void What_stands_in_a_hole_is_text()
    {
        var text = "<b title='x' id=\"y\">&amp;";

        Html markup = $"<p title=\"{text}\">{text}</p>";

        const string Escaped = "&lt;b title=&#39;x&#39; id=&quot;y&quot;&gt;&amp;amp;";
        Assert.Equal($"<p title=\"{Escaped}\">{Escaped}</p>", markup.ToString());
    }

    [Fact]
    public void Markup_in_a_hole_stays_markup()
    {
        Html inner = $"<b>{"<"}</b>";

        Html outer =
            $"<p>{inner}{new[] { inner, inner }}{3}{Html.When(false, inner)}{Html.When<string>(null, text => $"{text}")}</p>";

        Assert.Equal("<p><b>&lt;</b><b>&lt;</b><b>&lt;</b>3</p>", outer.ToString());
    }

    [Theory]
    [InlineData(
        "select 'it''s' -- <b>\n",
        "<span class=\"k\">select</span> <span class=\"s\">&#39;it&#39;</span><span class=\"s\">&#39;s&#39;</span> <span class=\"c\">-- &lt;b&gt;</span>\n"
    )]
    [InlineData(
        "/* a */x::text[] = $1 + 42",
        "<span class=\"c\">/* a */</span>x::text[] = <span class=\"p\">$1</span> + <span class=\"n\">42</span>"
    )]
    [InlineData("\"select\" 'open", "&quot;select&quot; <span class=\"s\">&#39;open</span>")]
    [InlineData("/* open *", "<span class=\"c\">/* open *</span>")]
    public void SQL_is_coloured(string sql, string expected) =>
        Assert.Equal($"<code>{expected}</code>", SqlHighlight.Of(sql).ToString());

    public static TheoryData<string> Texts =>
        [
            .. QueryCatalogue.All.Select(query => query.File),
            "<script>alert(1)</script>",
            "'\"/*--:;$ \0é😀\ud800 a1 1a _x :x::y $$a$$ E'\\'' /*/* */ */ -/-",
            "",
        ];

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void SQL_loses_no_character_and_gains_none(string sql)
    {
        var markup = SqlHighlight.Of(sql).ToString();

        var shown = Regex.Replace(
            markup,
            "</?(span|code)[^>]*>",
            "",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        Assert.DoesNotContain("<", shown, StringComparison.Ordinal);
        Assert.Equal(sql.Replace('\ud800', '\ufffd'), WebUtility.HtmlDecode(shown));
    }
}
