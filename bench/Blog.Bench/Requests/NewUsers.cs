using System.Globalization;
using System.Text.Json;

namespace Blog.Bench.Requests;

/// <summary>
/// Bodies of POST /users: a user with profile and three posts of three tags each, the names as frequent as they are among the posts
/// of the database, in every tenth body one that is new. The same seed gives the same bodies, but for the new names.
/// </summary>
/// <param name="contents">Has the names.</param>
sealed class NewUsers(Contents contents)
{
    const int PostsEach = 3;
    const int TagsEach = 3;
    const int NewNameEvery = 10;
    const string Sentence = "A sentence of a post like any other, neither short nor long. ";

    readonly long[] reach = [.. RunningSums(contents.Tags.Select(tag => Math.Max(1, tag.Posts)))];

    /// <param name="count">How many.</param>
    /// <param name="seed">Of what is random.</param>
    /// <param name="newName">What names of new tags begin with, at most 20 characters; nobody has used it before.</param>
    public IEnumerable<string> Bodies(int count, int seed, string newName)
    {
        var random = new Random(seed);
        for (var at = 0; at < count; at++)
        {
            yield return Body(random, at % NewNameEvery == 0 ? $"{newName} {at}" : null);
        }
    }

    string Body(Random random, string? newName)
    {
        var number = random.Next(1_000_000).ToString(CultureInfo.InvariantCulture);
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (newName is not null)
        {
            names.Add(newName);
        }

        while (names.Count < PostsEach * TagsEach)
        {
            names.Add(Pick(random));
        }

        var posts = names
            .Chunk(TagsEach)
            .Select(chunk => new
            {
                title = $"Title {random.Next(1000)}",
                content = string.Concat(Enumerable.Repeat(Sentence, random.Next(4, 9))),
                tag_names = chunk,
            });
        return JsonSerializer.Serialize(
            new
            {
                name = $"user {number}",
                bio = $"Writes of {number}.",
                posts,
            }
        );
    }

    string Pick(Random random)
    {
        var at = Array.BinarySearch(reach, random.NextInt64(reach[^1]) + 1);
        return contents.Tags[at < 0 ? ~at : at].Name;
    }

    static IEnumerable<long> RunningSums(IEnumerable<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
        {
            yield return sum += count;
        }
    }
}
