using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Blog.Api.Responses;
using Blog.Data.Input;

namespace Blog.Api.Lists;

/// <summary>What can be shown of a resource.</summary>
/// <param name="Members">Of the representation, in its order, those of relations that are not included by default among them.</param>
/// <param name="OptIn">Members shown only where <c>fields</c> names them, in their order.</param>
/// <param name="Relations">What <c>include</c> may name, and the member it is; <c>posts.tags</c> is a member of a member.</param>
/// <param name="Included">The relations of the default representation.</param>
sealed record Resource(string[] Members, string[] OptIn, string[] Relations, string[] Included)
{
    /// <summary>What is shown where nothing is asked for.</summary>
    public Shape Usual => field ??= new(this, Included, fields: null);

    public static Resource User { get; } =
        new(
            ["name", "id", "profile", "posts"],
            ["created_at", "updated_at", "post_count"],
            ["profile", "posts", "posts.tags"],
            ["profile", "posts", "posts.tags"]
        );

    public static Resource Post { get; } =
        new(
            ["title", "content", "id", "author_id", "tags", "author"],
            ["created_at", "updated_at"],
            ["tags", "author"],
            ["tags"]
        );

    public static Resource Tag { get; } = new(["name", "id"], ["created_at", "updated_at", "post_count"], [], []);

    /// <summary>The resource that a record is.</summary>
    public static Resource Of<T>() =>
        typeof(T) == typeof(Blog.Data.Users.User) ? User
        : typeof(T) == typeof(Blog.Data.Posts.Post) ? Post
        : typeof(T) == typeof(Blog.Data.Tags.Tag) ? Tag
        : throw new InvalidOperationException($"{typeof(T)} is no resource.");
}

/// <summary>What is shown of a resource in one answer: the members, and what is left out of the members below.</summary>
sealed class Shape
{
    readonly List<string> members = [];
    readonly List<string> omitted = [];

    /// <param name="resource">Of which it is a shape.</param>
    /// <param name="included">The relations that are there.</param>
    /// <param name="fields">The members that are shown; null for all, but for those that have to be named.</param>
    public Shape(Resource resource, string[] included, string[]? fields)
    {
        (IsDefault, IsWhole) = (true, true);
        foreach (var member in resource.Members)
        {
            var isRelation = resource.Relations.Contains(member);
            var isUsual = !isRelation || resource.Included.Contains(member);
            var isShown = (!isRelation || included.Contains(member)) && fields?.Contains(member) is not false;
            if (isShown)
            {
                members.Add(member);
            }

            IsDefault &= isShown == isUsual;
            IsWhole &= isShown || !isUsual;
        }

        foreach (var member in resource.OptIn)
        {
            if (fields?.Contains(member) is true)
            {
                members.Add(member);
                (IsDefault, IsWhole) = (false, false);
            }
        }

        foreach (var relation in resource.Relations)
        {
            if (ParentOf(relation) is { } parent && Has(parent) && !included.Contains(relation))
            {
                omitted.Add(relation);
                (IsDefault, IsWhole) = (false, false);
            }
        }
    }

    /// <summary>Whether it is what the resource looks like where nothing is asked for.</summary>
    public bool IsDefault { get; }

    /// <summary>Whether it is all of what was read for it, which then needs no shaping: the default, and relations beyond it.</summary>
    public bool IsWhole { get; }

    /// <summary>What a shape adds to an entity tag: nothing to that of the default representation.</summary>
    public string TagSuffix => IsDefault ? "" : "." + Hash();

    /// <summary>Whether a member is shown, or <c>posts.tags</c>: one of those below.</summary>
    public bool Has(string member) =>
        ParentOf(member) is { } parent ? Has(parent) && !omitted.Contains(member) : members.Contains(member);

    /// <summary>Whether either time is shown.</summary>
    public bool HasTimes => Has("created_at") || Has("updated_at");

    /// <summary>Reads <c>include</c> and <c>fields</c>; what is wrong with them is noted in the query.</summary>
    public static Shape Read(QueryReader query, Resource resource)
    {
        var (include, fields) = (query.Items("include"), query.Items("fields"));
        if (include is null && fields is null)
        {
            return resource.Usual;
        }

        var included = ReadIncluded(query, include, resource);
        return new(resource, included, ReadFields(query, fields, resource, included));
    }

    /// <summary>A value as this shape shows it. It has every member that the shape names.</summary>
    public JsonNode Apply<T>(T value)
    {
        var whole = JsonSerializer
            .SerializeToNode(value, (JsonTypeInfo<T>)ApiJson.Settings.GetTypeInfo(typeof(T)))!
            .AsObject();
        foreach (var (parent, child) in omitted.Select(path => path.Split('.')).Select(path => (path[0], path[1])))
        {
            foreach (var item in whole[parent]!.AsArray())
            {
                item!.AsObject().Remove(child);
            }
        }

        var shown = new JsonObject();
        foreach (var member in members)
        {
            whole.Remove(member, out var found);
            shown.Add(member, found);
        }

        return shown;
    }

    static string[] ReadIncluded(QueryReader query, string[]? items, Resource resource)
    {
        if (resource.Relations is [] || items is null)
        {
            return resource.Included;
        }

        if (items is ["none"])
        {
            return [];
        }

        foreach (var item in items.Where(item => !resource.Relations.Contains(item)).Distinct(StringComparer.Ordinal))
        {
            query.Add(
                "include",
                InputCodes.InvalidFormat,
                $"There is no \"{item}\" to include. These are: {string.Join(", ", resource.Relations)}; or none alone."
            );
        }

        // A relation below another one brings that one with it.
        return [.. items, .. items.Select(ParentOf).OfType<string>()];
    }

    static string[]? ReadFields(QueryReader query, string[]? fields, Resource resource, string[] included)
    {
        foreach (var field in fields ?? [])
        {
            if (!resource.Members.Contains(field) && !resource.OptIn.Contains(field))
            {
                query.Add(
                    "fields",
                    InputCodes.InvalidFormat,
                    $"There is no \"{field}\". These are: {string.Join(", ", resource.Members.Concat(resource.OptIn))}."
                );
            }
            else if (resource.Relations.Contains(field) && !included.Contains(field))
            {
                query.Add("fields", InputCodes.InvalidFormat, $"\"{field}\" is left out by include.");
            }
        }

        return fields;
    }

    /// <summary>Of <c>posts.tags</c>: <c>posts</c>; null where a member is none of another one.</summary>
    static string? ParentOf(string member) =>
        member.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? member[..dot] : null;

    /// <summary>Four hexadecimal digits of what is shown and as what.</summary>
    string Hash()
    {
        var shown = $"application/json {string.Join(',', members)} {string.Join(',', omitted)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shown)).AsSpan(0, 2));
    }
}
