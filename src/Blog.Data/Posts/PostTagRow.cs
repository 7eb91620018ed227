using Blog.Data.Tags;

namespace Blog.Data.Posts;

/// <summary>A post that exists and one of its tags; without name and id where it has none, and then the only row.</summary>
sealed record PostTagRow(long Version, long TagEpoch, string? Name, long? Id)
{
    /// <summary>All rows of one post; null where there is not one, and so no post.</summary>
    public static PostTags? ToPostTags(IReadOnlyList<PostTagRow> rows) =>
        rows is [var first, ..]
            ? new(
                [.. rows.Where(row => row.Id is not null).Select(row => new Tag(row.Name!, row.Id!.Value))],
                new(first.Version, first.TagEpoch)
            )
            : null;
}
