using System.Text;

namespace Blog.Api.Tests.Fuzz;

/// <summary>What programs that read input have stumbled over, as JSON, as part of an address and as a header.</summary>
static class HostileValues
{
    /// <summary>Nested deeper than anything that is read.</summary>
    static readonly string deep = new string('[', 1000) + new string(']', 1000);

    /// <summary>Values as they stand in JSON; not all of them are JSON.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "1.5",
        "1e308",
        "1e400",
        "-1e400",
        "9223372036854775807",
        "9223372036854775808",
        new string('9', 400),
        "NaN",
        "Infinity",
        "0x10",
        "01",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u202e\\u200b\\ufeff\"",
        "\"\\u0344\\u0344\\u0344\\u0344\"",
        "\"\\r\\nSet-Cookie: a=b\"",
        "\"'; drop table blog.users; --\"",
        "\"$1 :name @id %s %n {0} ${x} {{x}}\"",
        "\"../../etc/passwd\"",
        "\"<script>alert(1)</script>\"",
        "\"\\ufdfa\"",
        "\"👩‍👩‍👧‍👦👩‍👩‍👧‍👦\"",
        $"\"{new string('a', 51)}\"",
        $"\"{new string('ä', 101)}\"",
        $"\"{new string('x', 100_000)}\"",
        "[]",
        "[null]",
        "[[]]",
        "[\"a\",1,null,{}]",
        "{}",
        "{\"\":null}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"__proto__\":{\"x\":1}}",
        "{\"$type\":\"System.Object\"}",
        deep,
        "\"unfinished",
        "",
        "// comment\n1",
        "[1,]",
    ];

    /// <summary>Bodies that are no values at all.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        [],
        [0],
        [0xFF, 0xFE, 0x7B, 0x00],
        [0xEF, 0xBB, 0xBF, .. "{\"name\":\"bom\"}"u8],
        [0xC0, 0xAF],
        [.. "{\"name\":\""u8, 0xC0, 0x80, .. "\"}"u8],
        [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
        [.. "{\"name\":\""u8, 0xF8, 0x88, 0x80, 0x80, 0x80, .. "\"}"u8],
        [.. "{\"name\":"u8],
        [.. "}{"u8],
        [.. "{\"name\":\"a\"}{\"name\":\"b\"}"u8],
        [.. "\n\n\n"u8],
        [0x1F, 0x8B, 0x08, 0x00],
        [.. "<xml/>"u8],
        Encoding.UTF8.GetBytes(new string('{', 5000)),
        Encoding.UTF8.GetBytes($"{{\"name\":\"a\",\"posts\":[{string.Join(',', Enumerable.Repeat("{}", 101))}]}}"),
        Encoding.UTF8.GetBytes(
            $"{{\"tag_names\":[{string.Join(',', Enumerable.Range(0, 60).Select(n => $"\"t{n}\""))}]}}"
        ),
    ];

    /// <summary>Parts of a path or values of a query, escaped.</summary>
    public static IReadOnlyList<string> InAddress { get; } =
    [
        "0",
        "-1",
        "-0",
        "00",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "9223372036854775807",
        "9223372036854775808",
        new string('9', 300),
        "%EF%BC%91",
        "null",
        "NaN",
        "true",
        "a",
        "%20",
        "%09",
        "%0D%0AX-Injected:%201",
        "%C0%AF",
        "%ED%A0%80",
        "%F4%90%80%80",
        "%E2%80%AE",
        "%25",
        "%27%20or%201=1--",
        "%22",
        "%3Cscript%3E",
        "..%2F..%2Fetc",
        "~",
        "*",
        "1,2",
        "1;2",
        "%5B%5D",
        "%7B%7D",
        "ARfmvYBBL5p2MAAAAAAAAAAC",
        "AAAA",
        "%3D%3D%3D",
    ];

    /// <summary>Only in a query: a path with these is ended below the application.</summary>
    public static IReadOnlyList<string> InQuery { get; } = [.. InAddress, "", "%00", "a%00b", "%", "%zz"];

    /// <summary>Values of a header, of printable characters: others are ended below the application.</summary>
    public static IReadOnlyList<string> InHeader { get; } =
    [
        "\"",
        "\"\"",
        "\\",
        "*",
        "*, *",
        ",",
        ";",
        "=",
        "W/\"u1.1-1\"",
        "\"u1.1-1\"",
        "\"u1.99999999999999999999-1\"",
        "\"p1.1-1\", \"p1.2-1\"",
        "u1.1-1",
        "0",
        "-1",
        "99999999999999999999",
        "text/html;q=0, */*;q=0",
        "application/json;q=1.0001",
        "application/json; charset=utf-16",
        "application/json; charset=\"",
        "application/problem+json",
        "application/x-ndjson",
        "multipart/form-data; boundary=x",
        "wait=0, wait=31, wait=-1, return=, handling=strict",
        "return=minimal; return=representation",
        "handling=strict",
        "gzip, br, *;q=0",
        "bytes=0-",
        "%00%0d%0a",
        "${jndi:ldap://127.0.0.1/a}",
        "() { :; }; echo",
        new string('a', 129),
        new string('b', 4000),
    ];
}
