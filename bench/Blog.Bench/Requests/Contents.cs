using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Requests;

/// <summary>What the database holds, as far as requests name it.</summary>
/// <param name="Users">All ids, in ascending order.</param>
/// <param name="FirstPost">The lowest id.</param>
/// <param name="LastPost">The highest id.</param>
/// <param name="Tags">All names with how many posts have them, the most frequent first.</param>
/// <param name="Links">Between posts and tags.</param>
sealed record Contents(
    IReadOnlyList<long> Users,
    long FirstPost,
    long LastPost,
    IReadOnlyList<(string Name, long Posts)> Tags,
    long Links
)
{
    public static async Task<Contents> ReadAsync(FilledServer server, CancellationToken cancellationToken)
    {
        Progress.Say("looking at what there is to ask for");
        var posts = await server.ListAsync<long[]>("select array[min(id), max(id)] from blog.post", cancellationToken);
        var tags = await server.ListAsync<string[]>(
            """
            select array[t.name, count(pt.post_id)::text]
            from blog.tag t
            left join blog.post_tag pt on pt.tag_id = t.id
            group by t.id
            order by count(pt.post_id) desc, t.id
            """,
            cancellationToken
        );
        List<(string Name, long Posts)> named =
        [
            .. tags.Select(tag => (tag[0], long.Parse(tag[1], System.Globalization.CultureInfo.InvariantCulture))),
        ];
        return new(
            await server.ListAsync<long>("select id from blog.users order by id", cancellationToken),
            posts[0][0],
            posts[0][1],
            named,
            named.Sum(tag => tag.Posts)
        );
    }
}
