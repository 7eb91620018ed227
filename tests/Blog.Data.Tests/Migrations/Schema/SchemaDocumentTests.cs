using Blog.Data.Catalogue;
using Blog.Data.Migrations.Schema;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations.Schema;

/// <summary><c>docs/schema.md</c>: the schema for people.</summary>
public sealed class SchemaDocumentTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("postgres")]
    [InlineData("blog_readonly")]
    public async Task Is_what_the_comments_the_statements_and_the_rights_say(string role)
    {
        var text = await SchemaDocument.WriteAsync(database.ConnectionString(role), Run.Stop);

        RenewedFile.AssertSame("docs/schema.md", text, "blog migrate docs > docs/schema.md");
    }

    [Fact]
    public void Its_links_lead_somewhere()
    {
        var text = Repository.Read("docs/schema.md");
        var links = text.Split("](")
            .Skip(1)
            .Select(rest => rest[..rest.IndexOf(')', StringComparison.Ordinal)])
            .ToArray();

        Assert.Contains("../sql/queries/users/get_user.sql", links);
        Assert.All(
            links.Where(link => link[0] != '#'),
            link => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", link)), link)
        );
        Assert.All(
            links.Where(link => link[0] == '#'),
            link => Assert.Contains($"\n## {link[1..]}\n", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_statement_that_touches_a_table_stands_with_it()
    {
        var chapters = Repository.Read("docs/schema.md").Split("\n## ");

        Assert.All(
            Footprint.All.SelectMany(footprint => footprint.Uses.Select(use => (footprint.Query.Id, use.Table))),
            use =>
                Assert.Contains(
                    $"[{use.Id}](",
                    chapters.Single(chapter => chapter.StartsWith(use.Table + "\n", StringComparison.Ordinal)),
                    StringComparison.Ordinal
                )
        );
    }

    /// <summary>Each kind of relation: one or many of these, of exactly one or of at most one of those.</summary>
    [Fact]
    public async Task The_diagram_says_how_many_of_which()
    {
        await using var drawn = await TestDatabase.CreateMigratedAsync(server);
        await drawn.ExecuteAsync(
            """
            create table blog.note (
              "Id" numeric(5, 2) primary key,
              post_id bigint references blog.post,
              tag_id bigint not null unique references blog.tag
            );
            """
        );

        var text = await SchemaDocument.WriteAsync(drawn.SuperuserConnectionString, Run.Stop);

        Assert.Equal(
            [
                "  users ||--o{ post : \"author_id\"",
                "  post |o--o{ note : \"post_id\"",
                "  tag ||--o| note : \"tag_id\"",
                "  post ||--o{ post_tag : \"post_id\"",
                "  tag ||--o{ post_tag : \"tag_id\"",
                "  users ||--o| profile : \"user_id\"",
            ],
            text.Split('\n').Where(line => line.Contains("--o", StringComparison.Ordinal))
        );
        Assert.Contains(
            "  note {\n    numeric(5_2) Id PK\n    bigint post_id FK\n    bigint tag_id UK, FK\n  }\n",
            text,
            StringComparison.Ordinal
        );
    }
}
