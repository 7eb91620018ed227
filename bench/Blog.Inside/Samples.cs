using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Blog.Api.Lists;
using Blog.Api.Responses;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;

namespace Blog.Inside;

/// <summary>Rows as bench/data.sql makes them: a user with profile, ten posts and 30 tags; a page of 20 posts with authors and 60 tags.</summary>
static class Samples
{
    public const int PageLimit = 20;

    const long TagEpoch = 1;
    const int Tags = 2_000;
    const int TagsEach = 3;
    const string Sentence = "It begins on a rainy morning with a pot of tea and a list that nobody meant to write. ";

    static readonly DateTime someTime = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static UserRepository.UserRow User { get; } =
        new(
            17,
            "user 17",
            Version: 3,
            TagEpoch,
            someTime,
            someTime,
            PostCount: 10,
            ProfileId: 17,
            "Writes of small things that last, mostly by hand, and of whatever else comes by number 17."
        );

    public static IReadOnlyList<UserRepository.PostRow> Posts { get; } =
    [
        .. Enumerable
            .Range(1, 10)
            .Select(n => new UserRepository.PostRow(n * 1_000, TitleOf(n), ContentOf(n), TagIdsOf(n), TagEpoch)),
    ];

    /// <summary>One more than the page holds, as it is read.</summary>
    public static IReadOnlyList<PostListRepository.PostRow> PageOfPosts { get; } =
    [
        .. Enumerable
            .Range(1, PageLimit + 1)
            .Select(n => new PostListRepository.PostRow(
                1_000_000 - n,
                TitleOf(n),
                ContentOf(n),
                AuthorId: n,
                someTime,
                someTime,
                $"user {n}",
                TagIdsOf(n),
                TagEpoch
            )),
    ];

    /// <summary>All tags of the database, which a service that has run for a while knows.</summary>
    public static KnownTags KnownTags { get; } = MakeKnownTags();

    /// <summary>A value as the service writes it.</summary>
    public static byte[] JsonOf<T>(T value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)ApiJson.Settings.GetTypeInfo(typeof(T)));

    public static Page<Post> MakePage() =>
        new(new Stitching().Page().Items, PageLimit, "AQECAwQFBgcICQAAAAAAD0It", Total: null, TotalIs: null);

    /// <summary>POST /users with profile, three posts and nine tags, as bench/Blog.Bench sends it.</summary>
    public static byte[] NewUser() => NewUser("user 123456");

    /// <summary>The same with a name of nothing but white space, and so refused.</summary>
    public static byte[] RefusedUser() => NewUser(" ");

    /// <summary>Whatever is compared does the same.</summary>
    public static void RequireSame(byte[] one, byte[] other)
    {
        if (!one.AsSpan().SequenceEqual(other))
        {
            throw new InvalidOperationException("What is compared does not come to the same.");
        }
    }

    static byte[] NewUser(string name) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                name,
                bio = "Writes of 123456.",
                posts = Enumerable
                    .Range(1, 3)
                    .Select(n => new
                    {
                        title = TitleOf(n),
                        content = ContentOf(n),
                        tag_names = TagIdsOf(n).Select(NameOf),
                    }),
            }
        );

    static KnownTags MakeKnownTags()
    {
        var known = new KnownTags(TagEpoch);
        for (var id = 1L; id <= Tags; id++)
        {
            known.Add(new(NameOf(id), id));
        }

        return known;
    }

    static string TitleOf(int n) => $"On the subject of {n}";

    static string ContentOf(int n) => $"{Sentence}{Sentence}{Sentence}{Sentence}See w{n}, w{n} and w{n}.";

    static long[] TagIdsOf(int n) => [.. Enumerable.Range(0, TagsEach).Select(at => 1L + n * 61 % 1_000 + at * 300)];

    static string NameOf(long id) => $"tag{id}";
}
