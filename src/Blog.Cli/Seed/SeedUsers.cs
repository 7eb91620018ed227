using System.Text;
using System.Text.Json;

namespace Blog.Cli.Seed;

/// <summary>What is made up.</summary>
/// <param name="Users">How many.</param>
/// <param name="Posts">Of each user.</param>
/// <param name="Tags">Of all posts together; each has three.</param>
/// <param name="Seed">The same number makes the same users.</param>
sealed record SeedSize(int Users, int Posts, int Tags, int Seed);

/// <summary>
/// Users after users. Their words are spread as in real text, few of them often and most of them seldom, and so are the tags: the
/// first is on about a fifth of the posts. One post in fifty is Chinese, Japanese or Korean; one user in three has no profile.
/// </summary>
sealed class SeedUsers(SeedSize size)
{
    const int TagsOfPost = 3;
    const int Words = 20_000;
    const int WordsOfPost = 50;
    const int CharactersOfPost = 120;
    const double ShareOfFirstTag = 0.2;

    static readonly string[] syllables =
    [
        "ba",
        "co",
        "di",
        "fe",
        "gu",
        "ha",
        "jo",
        "ki",
        "le",
        "mu",
        "na",
        "po",
        "ri",
        "se",
        "tu",
        "va",
        "wo",
        "yi",
        "ze",
        "lü",
    ];

    /// <summary>Where letters of a script begin, and how many of them are used.</summary>
    static readonly (char First, int Count)[] scripts = [('\u4E00', 3_000), ('\u3042', 80), ('\uAC00', 3_000)];

    // Not for secrets: the same seed has to give the same users.
#pragma warning disable CA5394
    readonly Random random = new(size.Seed);
#pragma warning restore CA5394

    readonly StringBuilder text = new();
    long count;

    /// <summary>The next user, in the shape of POST /users.</summary>
    public void WriteNext(Utf8JsonWriter json)
    {
        count++;
        json.WriteStartObject();
        json.WriteString("name", $"{Title(Word(Next(Words)))} {count}");
        if (Next(3) > 0)
        {
            json.WriteString("bio", Sentence(8));
        }

        json.WriteStartArray("posts");
        for (var post = 0; post < size.Posts; post++)
        {
            WritePost(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    void WritePost(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("title", Sentence(4));
        json.WriteString("content", Next(50) == 0 ? Characters() : Sentence(WordsOfPost));
        json.WriteStartArray("tag_names");
        var tag = Chance() < ShareOfFirstTag ? 0 : Spread(size.Tags);
        for (var of = 0; of < TagsOfPost; of++)
        {
            json.WriteStringValue(Word(tag));
            tag = (tag + 1 + Next(size.Tags / TagsOfPost)) % size.Tags;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    string Sentence(int words)
    {
        text.Clear().Append(Title(Word(Spread(Words))));
        for (var word = 1; word < words; word++)
        {
            text.Append(' ').Append(Word(Spread(Words)));
        }

        return text.Append('.').ToString();
    }

    string Characters()
    {
        var (first, letters) = scripts[Next(scripts.Length)];
        text.Clear();
        for (var letter = 0; letter < CharactersOfPost; letter++)
        {
            text.Append((char)(first + Spread(letters)));
        }

        return text.ToString();
    }

    /// <summary>Small numbers often, large ones seldom.</summary>
    int Spread(int below) => (int)(below * Math.Pow(Chance(), 3));

#pragma warning disable CA5394
    int Next(int below) => random.Next(below);

    double Chance() => random.NextDouble();
#pragma warning restore CA5394

    /// <summary>Every number has a word of its own.</summary>
    static string Word(int number)
    {
        var word = syllables[number % syllables.Length];
        for (var rest = number / syllables.Length; rest > 0; rest /= syllables.Length)
        {
            word += syllables[rest % syllables.Length];
        }

        return word.Length > 2 ? word : word + "n";
    }

    static string Title(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
