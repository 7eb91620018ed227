namespace Blog.Data.Tags;

static class TagArrays
{
    /// <summary>The tags of one post from the two arrays of its row; null arrays are a post without tags. Typed as Array: Npgsql reports arrays so, and Dapper matches a constructor by that.</summary>
    public static IReadOnlyList<Tag> Read(Array? ids, Array? names) =>
        ids is null ? [] : [.. ((string[])names!).Zip((long[])ids, (name, id) => new Tag(name, id))];
}
