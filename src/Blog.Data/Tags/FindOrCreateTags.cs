using Blog.Data.Catalogue;
using Npgsql;

namespace Blog.Data.Tags;

/// <summary>Finds tags by their names and creates those that are missing, in one form that all writers share.</summary>
static class FindOrCreateTags
{
    /// <summary>Why nothing was stored.</summary>
    public const string TagGone = "A tag was renamed or deleted while it was being linked.";

    static readonly Query findOrCreateTags = QueryCatalogue.Find("tags/find_or_create_tags");

    /// <summary>One round trip inside the caller's transaction, once in it, with all its names.</summary>
    /// <returns>Every name with its tag, which stays as it is until the transaction ends, and which were created.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment.</exception>
    public static async Task<FoundTags> FindOrCreateAsync(
        IReadOnlyCollection<string> names,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        var distinct = names.Distinct(StringComparer.Ordinal).ToArray();
        var session = transaction.Session;
        await using var sets = await BlogData.QueryAsync(
            session,
            findOrCreateTags,
            new { names = distinct },
            transaction,
            cancellationToken
        );
        var created = await sets.ReadAsync<long>();
        var tags = await sets.ReadAsync<TagRow>();
        return tags.Count == distinct.Length
            ? new(tags.ToDictionary(tag => tag.Name, tag => tag.ToTag(), StringComparer.Ordinal), created)
            : throw new WriteConflictException(TagGone);
    }

    /// <summary>Whether a statement that finds and links at once did not find a tag that it had to link.</summary>
    public static bool IsTagGone(PostgresException failure) =>
        failure
            is {
                SqlState: PostgresErrorCodes.NotNullViolation,
                SchemaName: "blog",
                TableName: "post_tag",
                ColumnName: "tag_id"
            };
}

/// <summary>Tags that are there now.</summary>
/// <param name="ByName">Every name that was asked for, with its tag.</param>
/// <param name="CreatedIds">Identities of those that were not there before.</param>
sealed record FoundTags(IReadOnlyDictionary<string, Tag> ByName, IReadOnlyList<long> CreatedIds);
