using Blog.Data.Operate;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Operate;

/// <summary>What the server reads from the text of an argument is what the driver sends in its own form.</summary>
public sealed class ArgumentTextTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // What means something to an array, to a literal, to a placeholder or to a regular expression, and letters of every length.
    static readonly string[] pieces =
    [
        "",
        "a",
        " ",
        "'",
        "\"",
        "\\",
        ",",
        "{",
        "}",
        "NULL",
        "null",
        ":name",
        "$1",
        "@x",
        ";",
        "--",
        "/*",
        "\n",
        "\t",
        "\u0001",
        "%",
        "é",
        "日本",
        "😀",
        "\uFFFF",
    ];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Fact]
    public void Is_written_as_PostgreSQL_writes_it()
    {
        Assert.Null(ArgumentText.Of(null));
        Assert.Equal("-9223372036854775808", ArgumentText.Of(long.MinValue));
        Assert.Equal("21", ArgumentText.Of(21));
        Assert.Equal("true", ArgumentText.Of(true));
        Assert.Equal("NULL", ArgumentText.Of("NULL"));
        Assert.Equal("it's \\ \"", ArgumentText.Of("it's \\ \""));
        Assert.Equal(
            "2026-11-22T16:08:09.123456Z",
            ArgumentText.Of(new DateTime(2026, 11, 22, 16, 8, 9, 123, 456, DateTimeKind.Utc))
        );
        Assert.Equal("{}", ArgumentText.Of(Array.Empty<string>()));
        Assert.Equal("{1,-2}", ArgumentText.Of(new long[] { 1, -2 }));
        Assert.Equal(
            "{\"NULL\",NULL,\"\",\"a,b\",\"{\\\"\\\\}\"}",
            ArgumentText.Of(Text("NULL", null, "", "a,b", "{\"\\}"))
        );
        Assert.Throws<ArgumentException>(() => ArgumentText.Of(1.5));
        Assert.Throws<ArgumentException>(() => ArgumentText.Of(new long[][] { [1] }));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Comes_to_the_server_as_what_was_sent(int seed)
    {
        var random = new Random(seed);
        await using var connection = await database.OpenAsync("blog_app");
        for (var round = 0; round < 200; round++)
        {
            var (type, value) = MakeUp(random);
            await using var same = new NpgsqlCommand(
                $"select @sent::{type} is not distinct from @text::{type}, @text::{type}::text",
                connection
            );
            same.Parameters.AddWithValue("sent", value ?? DBNull.Value);
            same.Parameters.Add(
                new NpgsqlParameter<string?>("text", NpgsqlTypes.NpgsqlDbType.Text)
                {
                    TypedValue = ArgumentText.Of(value),
                }
            );
            await using var reader = await same.ExecuteReaderAsync(Token);
            Assert.True(await reader.ReadAsync(Token));
            Assert.True(
                reader.GetBoolean(0),
                $"Seed {seed}, round {round}: {type} {ArgumentText.Of(value)} was read as {reader[1]}."
            );
        }
    }

    static (string Type, object? Value) MakeUp(Random random)
    {
        return random.Next(9) switch
        {
            0 => ("bigint", random.NextInt64(long.MinValue, long.MaxValue)),
            1 => ("int", random.Next(int.MinValue, int.MaxValue)),
            2 => ("boolean", random.Next(2) == 0),
            3 => ("text", Piece()),
            4 => ("text", null),
            5 => ("bigint[]", Many(() => random.NextInt64(long.MinValue, long.MaxValue))),
            6 => ("text[]", Many(() => random.Next(5) == 0 ? null : Piece())),
            7 => ("boolean[]", Many(() => random.Next(2) == 0)),
            _ => ("timestamptz", Moment()),
        };

        string Piece() =>
            string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));

        T[] Many<T>(Func<T> one) => [.. Enumerable.Range(0, random.Next(5)).Select(_ => one())];

        DateTime Moment() =>
            random.Next(8) switch
            {
                0 => DateTime.MaxValue,
                1 => DateTime.MinValue,
                // The server counts microseconds.
                _ => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks / 10) * 10, DateTimeKind.Utc),
            };
    }

    static string?[] Text(params string?[] texts) => texts;
}
