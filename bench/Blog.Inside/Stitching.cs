using BenchmarkDotNet.Attributes;
using Blog.Data.Lists;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;

namespace Blog.Inside;

/// <summary>From rows with ids of tags to records with their names, where all names are known.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[BenchmarkCategory(nameof(Stitching))]
public class Stitching
{
    readonly JoinedRow[] joined = [.. Join()];

    /// <summary>What is compared comes to the same.</summary>
    [GlobalSetup]
    public void Check() => Samples.RequireSame(Samples.JsonOf(Graph()), Samples.JsonOf(JoinedGraph()));

    /// <summary>A user with ten posts and 30 tags.</summary>
    [Benchmark]
    public User Graph() => Named(UserRepository.Unnamed(Samples.User, Samples.Posts, new(PostLimit: 1_000)));

    /// <summary>The same from the 30 rows of one big join, as it is usually read: each row has the user and the post again.</summary>
    [Benchmark]
    public User JoinedGraph()
    {
        var posts = new Dictionary<long, (JoinedRow Row, Dictionary<long, Tag> Tags)>();
        foreach (var row in joined)
        {
            if (!posts.TryGetValue(row.Post.Id, out var post))
            {
                posts.Add(row.Post.Id, post = (row, []));
            }

            post.Tags.TryAdd(row.TagId, new(row.TagName, row.TagId));
        }

        var user = joined[0].User;
        return new(
            user.Name,
            user.Id,
            new(user.Bio!, user.ProfileId!.Value),
            [
                .. posts.Values.Select(post => new Post(
                    post.Row.Post.Title,
                    post.Row.Post.Content,
                    post.Row.Post.Id,
                    user.Id,
                    [.. post.Tags.Values]
                )),
            ],
            new(user.Version, user.TagEpoch),
            user.PostCount
        );
    }

    /// <summary>A page of 20 posts with authors and 60 tags.</summary>
    [Benchmark]
    public KeysetPage<Post> Page() =>
        Named(
            PostListRepository.Unnamed(Samples.PageOfPosts, Samples.PageLimit, total: null, new PostParts(Author: true))
        );

    static T Named<T>(Unnamed<T> read) =>
        Samples.KnownTags.FindUnknown(read.TagIds) is null
            ? read.Named(Samples.KnownTags)
            : throw new InvalidOperationException("A tag is not known.");

    static IEnumerable<JoinedRow> Join()
    {
        foreach (var post in Samples.Posts)
        {
            foreach (var tag in Samples.KnownTags.Of(post.TagIds))
            {
                yield return new(Samples.User, post, tag.Id, tag.Name);
            }
        }
    }

    sealed record JoinedRow(UserRepository.UserRow User, UserRepository.PostRow Post, long TagId, string TagName);
}
