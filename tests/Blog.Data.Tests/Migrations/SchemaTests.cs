using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

public class SchemaTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    const string WithoutComment = """
        select concat_ws('.', c.relname, a.attname)
        from pg_class c
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'blog'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)
        order by 1
        """;

    /// <summary>Foreign keys that no index begins with: a delete of the other row would scan the table.</summary>
    const string WithoutIndex = """
        select f.conname
        from pg_constraint f
        where f.contype = 'f' and f.connamespace = 'blog'::regnamespace
          and not exists (
            select from pg_index i
            where i.indrelid = f.conrelid and i.indisvalid and i.indpred is null
              and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
          )
        order by 1
        """;

    [Fact]
    public async Task Every_table_and_every_column_has_a_comment() =>
        Assert.Empty(await database.ListAsync(WithoutComment));

    [Fact]
    public async Task Every_foreign_key_has_an_index_under_it() => Assert.Empty(await database.ListAsync(WithoutIndex));

    [Fact]
    public async Task The_two_questions_find_what_they_ask_for()
    {
        await using var bystander = await TestDatabase.CreateMigratedAsync(server);
        await bystander.ExecuteAsync(
            """
            create table blog.bare (n int, post_id bigint constraint bare_post_id_fkey references blog.post (id));
            comment on column blog.bare.n is 'Has one.';
            create index bare_n_post_id_idx on blog.bare (n, post_id);
            """
        );

        Assert.Equal(["bare.n", "bare.post_id"], await bystander.ListAsync(WithoutComment));
        Assert.Equal(["bare_post_id_fkey"], await bystander.ListAsync(WithoutIndex));
    }

    [Fact]
    public async Task The_owner_owns_everything() =>
        Assert.Equal(
            ["blog_owner"],
            await database.ListAsync(
                """
                select distinct relowner::regrole::text from pg_class where relnamespace = 'blog'::regnamespace
                union select nspowner::regrole::text from pg_namespace where nspname = 'blog'
                """
            )
        );
}
