using Blog.Api.Problems;
using Blog.Data;

namespace Blog.Api.Responses;

/// <summary>Strong entity tags (RFC 9110, section 8.8.3) from revisions: the entity, its version, the epoch of all tag names.</summary>
static class EntityTags
{
    /// <summary>Of a user, and of the profile, which is part of its user.</summary>
    public static string OfUser(long userId, Revision revision) =>
        $"\"u{userId}.{revision.Version}-{revision.TagEpoch}\"";

    /// <summary>Of a post, and of its tags, which are part of it.</summary>
    public static string OfPost(long postId, Revision revision) =>
        $"\"p{postId}.{revision.Version}-{revision.TagEpoch}\"";

    /// <summary>Of a tag, which shows its own name and nothing else's.</summary>
    public static string OfTag(long tagId, long version) => $"\"t{tagId}.{version}\"";

    /// <summary>412, with the tag that the resource has now.</summary>
    public static Problem Stale(string current) => KnownProblems.PreconditionFailed with { ETag = current };
}
