using System.Collections.Concurrent;

namespace Blog.Data.Tags;

/// <summary>Tags by their ids, with the names that they have at one epoch. Grows, and forgets nothing.</summary>
/// <param name="epoch">Of the names.</param>
sealed class KnownTags(long epoch)
{
    readonly ConcurrentDictionary<long, Tag> tags = [];

    public long Epoch => epoch;

    /// <summary>How many there are; not for a path that is taken often.</summary>
    public int Count => tags.Count;

    public void Add(Tag tag) => tags.TryAdd(tag.Id, tag);

    /// <summary>The ids of tags that are not known; null where all are.</summary>
    /// <param name="ids">One array a post, typed as for <see cref="Of"/>.</param>
    public HashSet<long>? FindUnknown(IEnumerable<Array> ids)
    {
        HashSet<long>? unknown = null;
        foreach (var ofPost in ids)
        {
            foreach (var id in (long[])ofPost)
            {
                if (!tags.ContainsKey(id))
                {
                    (unknown ??= []).Add(id);
                }
            }
        }

        return unknown;
    }

    /// <summary>The tags of one post.</summary>
    /// <param name="ids">All of them known; typed as Array because Npgsql reports arrays so, and Dapper matches a constructor by that.</param>
    public IReadOnlyList<Tag> Of(Array ids)
    {
        var all = (long[])ids;
        if (all.Length == 0)
        {
            return [];
        }

        var named = new Tag[all.Length];
        for (var at = 0; at < all.Length; at++)
        {
            named[at] = tags[all[at]];
        }

        return named;
    }
}
