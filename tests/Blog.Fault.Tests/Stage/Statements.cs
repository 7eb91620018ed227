using System.Globalization;
using Npgsql;

namespace Blog.Fault.Tests.Stage;

/// <summary>Statements of a stranger, past the service.</summary>
static class Statements
{
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How many rows there are.</summary>
    /// <param name="connection">Of the stranger.</param>
    /// <param name="rows">What stands behind <c>from</c>.</param>
    public static async Task<int> CountAsync(this NpgsqlConnection connection, string rows) =>
        int.Parse((await connection.ListAsync($"select count(*) from {rows}")).Single(), CultureInfo.InvariantCulture);

    /// <summary>The first column of every row, as text; a null is empty.</summary>
    public static async Task<string[]> ListAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(await reader.IsDBNullAsync(0) ? "" : reader.GetString(0));
        return [.. values];
    }
}
