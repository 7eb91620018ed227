using Blog.Api.Problems;
using Blog.Data;

namespace Blog.Api.Responses;

/// <summary>Strong entity tags (RFC 9110, section 8.8.3) from revisions: the entity, its version, the epoch of all tag names.</summary>
static class EntityTags
{
    /// <summary>Of a user, and of the profile, which is part of its user.</summary>
    /// <param name="userId">Which user.</param>
    /// <param name="revision">How new it is.</param>
    /// <param name="variant">Of another shape than the default one: <see cref="Lists.Shape.TagSuffix"/>.</param>
    public static string OfUser(long userId, Revision revision, string variant = "") =>
        $"\"u{userId}.{revision.Version}-{revision.TagEpoch}{variant}\"";

    /// <summary>Of a post, and of its tags, which are part of it.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="revision">How new it is.</param>
    /// <param name="authorVersion">The version of its author; null where the author is not shown.</param>
    /// <param name="variant">Of another shape than the default one: <see cref="Lists.Shape.TagSuffix"/>.</param>
    public static string OfPost(long postId, Revision revision, long? authorVersion = null, string variant = "") =>
        $"\"p{postId}.{revision.Version}-{revision.TagEpoch}{(authorVersion is { } version ? $".a{version}" : "")}{variant}\"";

    /// <summary>Of a tag, which shows its own name and nothing else's.</summary>
    /// <param name="tagId">Which tag.</param>
    /// <param name="version">How new its name is.</param>
    /// <param name="postCount">How many posts it is on, which moves no version; null where that is not shown.</param>
    /// <param name="variant">Of another shape than the default one: <see cref="Lists.Shape.TagSuffix"/>.</param>
    public static string OfTag(long tagId, long version, long? postCount = null, string variant = "") =>
        $"\"t{tagId}.{version}{(postCount is { } posts ? $".c{posts}" : "")}{variant}\"";

    /// <summary>412, with the tag that the resource has now.</summary>
    public static Problem Stale(string current) => KnownProblems.PreconditionFailed with { ETag = current };
}
