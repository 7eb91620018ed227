using System.Text;
using System.Text.Json;
using Blog.Data.Import;
using Blog.Data.Users;
using Blog.Testing;

namespace Blog.Data.Tests.Import;

/// <summary>The real file, whose numbers were counted without this program.</summary>
public sealed class RealFileTests(PostgresServer server)
{
    const string CountRows =
        "select concat_ws(' ', (select count(*) from blog.users), (select count(*) from blog.post),"
        + " (select count(*) from blog.post_tag), (select count(*) from blog.tag))";

    [Fact]
    public async Task Stores_129_lines_and_rejects_53_with_108_violations()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await using var data = new BlogData(database.AppConnectionString);
        var bystander = await StoreBystanderAsync(data);

        var outcomes = await data.ImportAsync(Open());

        var created = outcomes.OfType<LineCreated>().ToList();
        Assert.Equal(129, created.Count);
        Assert.Equal(247, created.Sum(line => line.Posts));
        Assert.Equal(818, created.Sum(line => line.TagLinks));
        Assert.Equal(118, created.Sum(line => line.TagsCreated));
        var rejected = outcomes.OfType<LineRejected>().ToList();
        Assert.Equal(53, rejected.Count);
        Assert.Equal(108, rejected.Sum(line => line.Violations));
        Assert.Equal(Enumerable.Range(1, 182).Select(line => (long)line), outcomes.Select(outcome => outcome.Line));
        Assert.Equal(["130 248 820 120"], await database.ListAsync(CountRows));
        Assert.Equal(
            JsonSerializer.Serialize(bystander, BlogJson.Settings),
            JsonSerializer.Serialize(await ReadAsync(data, bystander.Id), BlogJson.Settings)
        );
    }

    [Fact]
    public async Task Names_the_place_and_the_rule_of_every_violation()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await using var data = new BlogData(database.AppConnectionString);
        var lines = await File.ReadAllLinesAsync(SharedData.RealBlog, TestContext.Current.CancellationToken);

        var rejected = (await data.ImportAsync(Open())).OfType<LineRejected>().ToList();

        foreach (var line in rejected)
        {
            Assert.Equal((422, "validation_failed"), (line.Status, line.Code));
            Assert.Equal(lines[line.Line - 1], Encoding.UTF8.GetString(line.Text.Span));
            Assert.NotEmpty(line.Errors);
            using var document = JsonDocument.Parse(line.Text);
            foreach (var error in line.Errors)
            {
                Assert.Equal("too_long", error.Code);
                var text = Resolve(document.RootElement, error.Pointer!).GetString()!;
                Assert.True(
                    text.EnumerateRunes().Count() > error.Limit,
                    $"{error.Pointer} of line {line.Line}: {text}"
                );
                Assert.Equal(error.Pointer!.Contains("/title", StringComparison.Ordinal) ? 100 : 30, error.Limit);
            }
        }
    }

    [Fact]
    public async Task Stores_every_accepted_line_as_it_is()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await using var data = new BlogData(database.AppConnectionString);
        var lines = await File.ReadAllLinesAsync(SharedData.RealBlog, TestContext.Current.CancellationToken);

        var created = (await data.ImportAsync(Open())).OfType<LineCreated>().ToList();

        Assert.NotEmpty(created);
        foreach (var line in created)
        {
            using var document = JsonDocument.Parse(lines[line.Line - 1]);
            var sent = document.RootElement;
            var stored = await ReadAsync(data, line.Id);
            Assert.Equal(Normalised(sent.GetProperty("name")), stored.Name);
            Assert.Equal(sent.TryGetProperty("bio", out var bio) ? Normalised(bio) : null, stored.Profile?.Bio);
            Assert.Equal(
                sent.GetProperty("posts")
                    .EnumerateArray()
                    .Select(post => (Normalised(post.GetProperty("title")), post.GetProperty("content").GetString()!)),
                stored.Posts.Select(post => (post.Title, post.Content))
            );
            Assert.All(
                sent.GetProperty("posts").EnumerateArray().Zip(stored.Posts),
                pair =>
                    Assert.Equal(
                        pair.First.GetProperty("tag_names")
                            .EnumerateArray()
                            .Select(tag => Normalised(tag).Trim())
                            .ToHashSet(),
                        pair.Second.Tags.Select(tag => tag.Name).ToHashSet()
                    )
            );
            Assert.Equal(stored.Posts.Sum(post => post.Tags.Count), line.TagLinks);
        }
    }

    [Fact]
    public async Task Stores_nothing_in_mode_atomic_and_reports_the_same_53_lines()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await using var data = new BlogData(database.AppConnectionString);
        await StoreBystanderAsync(data);
        var before = await database.ListAsync(CountRows);

        var atomic = await data.ImportAsync(Open(), new() { Mode = ImportMode.Atomic });

        Assert.Equal(53, atomic.Count);
        Assert.Equal(108, atomic.Cast<LineRejected>().Sum(line => line.Violations));
        Assert.Equal(before, await database.ListAsync(CountRows));
        var byLine = (await data.ImportAsync(Open())).OfType<LineRejected>();
        Assert.Equal(byLine.Brief(), atomic.Brief());
    }

    [Fact]
    public async Task Skips_everything_the_second_time_when_asked_to_and_doubles_it_when_not()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await using var data = new BlogData(database.AppConnectionString);
        await data.ImportAsync(Open());
        var once = await database.ListAsync(CountRows);

        var skipping = await data.ImportAsync(Open(), new() { SkipExisting = true });

        Assert.Equal(129, skipping.OfType<LineSkipped>().Count());
        Assert.Empty(skipping.OfType<LineCreated>());
        Assert.Equal(once, await database.ListAsync(CountRows));

        var again = await data.ImportAsync(Open());

        Assert.Equal(129, again.OfType<LineCreated>().Count());
        Assert.Equal(0, again.OfType<LineCreated>().Sum(line => line.TagsCreated));
        Assert.Equal(["258 494 1636 118"], await database.ListAsync(CountRows));
    }

    static FileStream Open() => new(SharedData.RealBlog, FileMode.Open, FileAccess.Read);

    static async Task<User> StoreBystanderAsync(BlogData data)
    {
        var user = new UserCreate("Bystander", "Was here before.", [new("Kept", "as it is", ["by", "stander"])]);
        return await new UserRepository(data).CreateUserAsync(user, once: null, TestContext.Current.CancellationToken);
    }

    static async Task<User> ReadAsync(BlogData data, long id) =>
        (await new UserRepository(data).GetUserAsync(id, 1000, TestContext.Current.CancellationToken))!;

    static string Normalised(JsonElement text) => text.GetString()!.Normalize(NormalizationForm.FormC);

    static JsonElement Resolve(JsonElement element, string pointer)
    {
        foreach (var step in pointer.Split('/').Skip(1))
        {
            element =
                element.ValueKind == JsonValueKind.Array
                    ? element[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]
                    : element.GetProperty(step);
        }

        return element;
    }
}
