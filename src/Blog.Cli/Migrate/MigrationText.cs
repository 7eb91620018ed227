using System.Globalization;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary>What <c>blog migrate</c> says on a terminal.</summary>
static class MigrationText
{
    public static string Of(MigrationList list)
    {
        var width = list.Items.Max(item => item.Script.Length);
        return string.Join(
            Environment.NewLine,
            list.Items.Select(item =>
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"{item.Script.PadRight(width)}  {item.State, -12}  {item.Applied:yyyy-MM-dd HH:mm:ss}"
                    )
                    .TrimEnd()
            )
        );
    }
}
