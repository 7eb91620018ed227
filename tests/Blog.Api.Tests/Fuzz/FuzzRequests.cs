using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Blog.Api.Tests.Fuzz;

/// <summary>Requests made from the contract, the same for the same seed: valid ones, hostile ones, and valid ones that were damaged on their way.</summary>
sealed class FuzzRequests(int seed)
{
    const string Hole = "hole";

    static readonly string[] words = ["Ann", "Ben", "red", "blue", "東京", "two words", "é", "Hello."];
    static readonly Dictionary<string, string[]> known = new(StringComparer.Ordinal)
    {
        ["limit"] = ["1", "2", "20"],
        ["posts_limit"] = ["1", "3"],
        ["include"] = ["none", "posts", "tags", "author", "profile,posts.tags"],
        ["fields"] = ["id", "id,name", "title,id,created_at", "post_count"],
        ["q"] = ["hello", "%22Hello%22", "%E6%9D%B1%E4%BA%AC"],
        ["mode"] = ["lines", "atomic"],
        ["code"] = ["user_not_found"],
        ["If-Match"] = ["*", "\"u1.1-1\"", "\"p1.1-1\""],
        ["If-None-Match"] = ["*", "\"u1.1-1\"", "\"t1.1\""],
        ["Prefer"] = ["return=minimal", "handling=strict", "count=exact", "count=planned", "wait=20"],
        ["Accept"] = ["*/*", "application/json"],
        ["X-Request-Id"] = ["fuzz"],
    };

    readonly Random random = new(seed);

    /// <summary>At least one thing in it is hostile.</summary>
    public FuzzRequest NextHostile()
    {
        var operation = PickOperation();
        var places = operation.Parameters.Count + (operation.BodyType is null ? 1 : 4);
        var place = random.Next(places);
        var path = operation.Template;
        var query = new List<string>();
        var headers = new List<(string, string)>();
        for (var at = 0; at < operation.Parameters.Count; at++)
        {
            var (name, where) = operation.Parameters[at];
            var isHostile = at == place || random.Next(8) == 0;
            if (where == "path")
            {
                var id = isHostile ? Pick(HostileValues.InAddress) : ValueOf(name);
                path = path.Replace($"{{{name}}}", id, StringComparison.Ordinal);
            }
            else if (isHostile || random.Next(4) == 0)
            {
                Add(name, where, isHostile);
            }
        }

        if (place == operation.Parameters.Count || random.Next(10) == 0)
        {
            query.Add($"{Pick(words)[0]}{random.Next(9)}={Pick(HostileValues.InQuery)}");
        }

        var body = BodyOf(operation, isHostile: place >= operation.Parameters.Count);
        AddType(operation, headers, isHostile: random.Next(12) == 0);
        return new(operation.Method, Address(path, query), body, headers);

        void Add(string name, string where, bool isHostile)
        {
            if (where == "header")
            {
                headers.Add((name, isHostile ? Pick(HostileValues.InHeader) : ValueOf(name)));
            }
            else
            {
                query.Add($"{name}={(isHostile ? Pick(HostileValues.InQuery) : ValueOf(name))}");
                if (isHostile && random.Next(6) == 0)
                {
                    query.Add($"{name}={Pick(HostileValues.InQuery)}");
                }
            }
        }
    }

    /// <summary>As the contract wants it, and then one to three bytes of its address, a header or its body are other ones.</summary>
    public FuzzRequest NextDamaged()
    {
        var operation = PickOperation();
        var path = operation.Template;
        var query = new List<string>();
        var headers = new List<(string, string)>();
        foreach (var (name, where) in operation.Parameters)
        {
            if (where == "path")
            {
                path = path.Replace($"{{{name}}}", ValueOf(name), StringComparison.Ordinal);
            }
            else if (random.Next(3) == 0)
            {
                (
                    where == "header"
                        ? () => headers.Add((name, ValueOf(name)))
                        : (Action)(() => query.Add($"{name}={ValueOf(name)}"))
                )();
            }
        }

        AddType(operation, headers, isHostile: false);
        var body = BodyOf(operation, isHostile: false);
        var address = Address(path, query);
        for (var damage = random.Next(1, 4); damage > 0; damage--)
        {
            switch (random.Next(body is null ? 2 : 6))
            {
                case 0:
                    // Two slashes in front would begin the name of another host.
                    address =
                        "/"
                        + Damaged(
                                address,
                                static character => character is > ' ' and <= '~' and not ('#' or '%' or '\\')
                            )
                            .TrimStart('/');
                    break;
                case 1 when headers.Count > 0:
                    var at = random.Next(headers.Count);
                    headers[at] = (
                        headers[at].Item1,
                        Damaged(headers[at].Item2, character => character is >= ' ' and <= '~').Trim()
                    );
                    break;
                default:
                    body = body is null ? null : Damaged(body);
                    break;
            }
        }

        return new(operation.Method, address, body, headers);
    }

    ContractOperation PickOperation()
    {
        var operation = Pick(ContractOperation.All);
        // A stream carries all that there is.
        return operation.IsStream && random.Next(4) > 0 ? PickOperation() : operation;
    }

    static string Address(string path, List<string> query) =>
        query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";

    static void AddType(ContractOperation operation, List<(string Name, string Value)> headers, bool isHostile)
    {
        if (operation.BodyType is { } type)
        {
            headers.Add(("Content-Type", isHostile ? "text/plain; charset=latin1" : type));
        }
    }

    byte[]? BodyOf(ContractOperation operation, bool isHostile)
    {
        if (operation.BodyType is null)
        {
            return null;
        }

        if (isHostile && random.Next(4) == 0)
        {
            return Pick(HostileValues.Bodies);
        }

        if (operation.BodySchema is not { } schema || operation.IsStream)
        {
            var line = isHostile
                ? Pick(HostileValues.Json)
                : "{\"name\":\"Ann\",\"posts\":[{\"title\":\"T\",\"content\":\"C\"}]}";
            return Encoding.UTF8.GetBytes($"{{\"name\":\"Ben\"}}\n{line}\n");
        }

        var value = Make(schema, depth: 0);
        if (isHostile)
        {
            value = PutHole(value);
        }

        return Encoding.UTF8.GetBytes(
            (value?.ToJsonString() ?? "null").Replace($"\"{Hole}\"", Pick(HostileValues.Json), StringComparison.Ordinal)
        );
    }

    /// <summary>A value of a shape of the contract.</summary>
    JsonNode? Make(JsonNode schema, int depth)
    {
        schema = CommittedContract.Follow(schema);
        if (schema["oneOf"] is JsonArray choices)
        {
            return Make(Pick(choices.ToArray())!, depth);
        }

        var type = schema["type"] is JsonArray several ? (string)Pick(several.ToArray())! : (string)schema["type"]!;
        return type switch
        {
            "object" => MakeObject(schema, depth),
            "array" => new JsonArray([
                .. Enumerable.Range(0, random.Next(3)).Select(_ => Make(schema["items"]!, depth + 1)),
            ]),
            "string" => Pick(words),
            "integer" => random.Next(5),
            "boolean" => true,
            _ => null,
        };
    }

    JsonObject MakeObject(JsonNode schema, int depth)
    {
        var required = (schema["required"] as JsonArray ?? [])
            .Select(name => (string)name!)
            .ToHashSet(StringComparer.Ordinal);
        var made = new JsonObject();
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) || random.Next(3) > 0)
            {
                made[name] = Make(member!, depth + 1);
            }
        }

        return made;
    }

    /// <summary>Puts a hole for something hostile in place of the value, or of one somewhere below.</summary>
    JsonNode PutHole(JsonNode? value)
    {
        if (random.Next(3) > 0 && value is JsonObject { Count: > 0 } members)
        {
            var name = Pick(members.Select(member => member.Key).ToArray());
            members[name] = PutHole(members[name]?.DeepClone());
            return members;
        }

        if (random.Next(3) > 0 && value is JsonArray { Count: > 0 } items)
        {
            var at = random.Next(items.Count);
            items[at] = PutHole(items[at]?.DeepClone());
            return items;
        }

        return JsonValue.Create(Hole);
    }

    string ValueOf(string parameter) =>
        known.TryGetValue(parameter, out var values) ? Pick(values)
        : parameter.EndsWith("id", StringComparison.Ordinal)
        || parameter.EndsWith("_to", StringComparison.Ordinal)
        || parameter == "merge_into"
            ? random.Next(1, 60).ToString(CultureInfo.InvariantCulture)
        : parameter == "Idempotency-Key" ? $"k{random.Next(40)}"
        : Uri.EscapeDataString(Pick(words));

    string Damaged(string text, Func<char, bool> isAllowed)
    {
        var damaged = Encoding.Latin1.GetString(Damaged(Encoding.Latin1.GetBytes(text)));
        return string.Concat(damaged.Where(isAllowed));
    }

    byte[] Damaged(byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        var (before, behind) = (bytes[..at], bytes[at..]);
        return random.Next(6) switch
        {
            0 => [.. before, (byte)random.Next(256), .. behind],
            1 => [.. before, .. behind.Skip(1)],
            2 when behind.Length > 0 => [.. before, (byte)(behind[0] ^ (1 << random.Next(8))), .. behind[1..]],
            3 => before,
            4 => [.. before, .. behind, .. behind],
            _ => [.. behind, .. before],
        };
    }

    T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
