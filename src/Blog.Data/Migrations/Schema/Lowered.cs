using System.Text;

namespace Blog.Data.Migrations.Schema;

/// <summary>SQL that the server has written, in small letters as the scripts are.</summary>
static class Lowered
{
    /// <summary>Outside of quotes a capital can only be in a keyword: a name that has one is quoted by the server.</summary>
    internal static string Of(string sql)
    {
        var text = new StringBuilder(sql.Length);
        for (var at = 0; at < sql.Length; )
        {
            var next = SqlText.Skip(sql, at);
            text.Append(next == at + 1 ? char.ToLowerInvariant(sql[at]).ToString() : sql[at..next]);
            at = next;
        }

        return text.ToString();
    }
}
