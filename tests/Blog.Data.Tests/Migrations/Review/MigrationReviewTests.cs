using Blog.Data.Migrations;
using Blog.Data.Migrations.Review;

namespace Blog.Data.Tests.Migrations.Review;

public class MigrationReviewTests
{
    /// <summary>A table with rows that a script before has made.</summary>
    static readonly MigrationScript before = new(
        "0001_create_post.sql",
        """
        -- 0001_create_post: the table that every script below finds.
        -- why:   it exists.
        -- locks: none.
        -- undo:  drop table blog.post;
        create table blog.post (
          id bigint generated always as identity,
          author_id bigint not null,
          slug text,
          constraint post_pkey primary key (id),
          constraint post_slug_check check (slug is not null) not valid,
          constraint post_title_check check (title is not null)
        );
        create index post_slug_idx on blog.post (slug);
        comment on table blog.post is 'A post.';
        comment on column blog.post.id is 'Its identity.';
        comment on column blog.post.author_id is 'Who wrote it.';
        comment on column blog.post.slug is 'Its address.';
        """
    );

    const string Header = "-- 0002_try: a script.\n-- why:   to be reviewed.\n-- locks: see below.\n-- undo:  none.\n";
    const string Alone = Header + "-- migrate: no-transaction\n";

    const string New =
        "create table blog.t (id bigint);\ncomment on table blog.t is 'T.';\ncomment on column blog.t.id is 'Id.';\n";

    [Fact]
    public void Every_script_of_the_build_passes_without_an_allowance()
    {
        var review = MigrationReview.Of(MigrationScript.LoadAll());

        Assert.Empty(review.Findings);
        Assert.Empty(review.Allowances);
    }

    [Theory]
    [InlineData("comment", New + "alter table blog.post add column n int;")]
    [InlineData("comment", "create table blog.t (id bigint);\ncomment on column blog.t.id is 'Id.';")]
    [InlineData("comment", "create table blog.t (id bigint);\ncomment on table blog.t is 'T.';")]
    [InlineData(
        "comment",
        "create table blog.t (id bigint);\ncomment on table blog.t is '';\ncomment on column blog.t.id is 'I';"
    )]
    [InlineData(
        "foreign-key-index",
        "alter table blog.post add constraint f foreign key (author_id) references blog.users (id) not valid;"
    )]
    [InlineData(
        "foreign-key-index",
        New
            + "create index t_idx on blog.t (lower(name), id);\nalter table blog.t add constraint f foreign key (id) references blog.post (id);"
    )]
    [InlineData(
        "foreign-key-index",
        New
            + "create index t_idx on blog.t (id) where id > 5;\nalter table blog.t add constraint f foreign key (id) references blog.post (id);"
    )]
    [InlineData("unbatched-update", "update blog.post set slug = 'x';")]
    [InlineData("unbatched-update", "update only blog.post p set slug = 'x' where slug is null;")]
    [InlineData("unbatched-update", "delete from blog.post;")]
    [InlineData("unbatched-update", "delete from blog.post where id = 1 or true;")]
    [InlineData("unbatched-update", "with gone as (delete from blog.post returning id) select count(*) from gone;")]
    [InlineData("unbatched-update", "do $$ begin update blog.post set slug = 'x' where slug is null; end $$;")]
    [InlineData(
        "unbatched-update",
        "merge into blog.post p using blog.users u on u.id = p.author_id when matched then update set slug = u.name;"
    )]
    [InlineData("qualified-name", "create view posts as select id from blog.post;")]
    [InlineData("qualified-name", "alter table post owner to blog_owner;")]
    [InlineData("qualified-name", "drop function if exists f(int);", "drop")]
    [InlineData("qualified-name", "comment on column post.slug is 'Its address.';")]
    [InlineData("qualified-name", "insert into note (n) values (1);")]
    [InlineData("qualified-name", "insert into blog.note (n) select id from post join blog.users u on u.id = 1;")]
    [InlineData("qualified-name", "create trigger t before insert on post for each row execute function blog.f();")]
    [InlineData("named-constraint", "alter table blog.post add check (slug <> '') not valid;")]
    [InlineData("named-constraint", New + "alter table blog.t add primary key (id);")]
    [InlineData("named-constraint", New + "create index on blog.t (id);")]
    [InlineData(
        "named-constraint",
        "create table blog.t (id bigint unique);\ncomment on table blog.t is 'T.';\ncomment on column blog.t.id is 'Id.';"
    )]
    [InlineData("volatile-default", "alter table blog.post add column n uuid default gen_random_uuid();", "comment")]
    [InlineData("volatile-default", "alter table blog.post add n timestamptz default (clock_timestamp());", "comment")]
    [InlineData("volatile-default", "alter table blog.post add column n bigserial;", "comment")]
    [InlineData("volatile-default", "alter table blog.post add n int default blog.f(1);", "comment")]
    [InlineData(
        "volatile-default",
        "alter table blog.post add n int generated always as (id * 2) stored not null;",
        "comment"
    )]
    [InlineData("column-type", "alter table blog.post alter column slug type varchar(80);")]
    [InlineData("column-type", "alter table blog.post alter slug set data type int using 1;")]
    [InlineData("index-concurrently", "create unique index post_a_idx on blog.post (author_id);")]
    [InlineData("index-concurrently", "create index concurrently post_a_idx on blog.post (author_id);")]
    [InlineData("index-concurrently", "drop index blog.post_slug_idx;")]
    [InlineData("index-concurrently", "alter table blog.post add constraint post_slug_key unique (slug);")]
    [InlineData(
        "constraint-not-valid",
        "alter table blog.post add constraint c check (slug <> ''), add constraint d check (id > 0) not valid;"
    )]
    [InlineData(
        "constraint-not-valid",
        "alter table blog.post add constraint c check (slug <> '') not valid;\nalter table blog.post validate constraint c;"
    )]
    [InlineData(
        "constraint-not-valid",
        "alter table blog.post add column n int constraint c check (n > 0);\ncomment on column blog.post.n is 'N.';"
    )]
    [InlineData("constraint-not-valid", "alter table blog.post add constraint c not null author_id;")]
    [InlineData("named-constraint", "alter table blog.post add not null author_id not valid;")]
    [InlineData("set-not-null", "alter table blog.post alter column slug set not null;")]
    [InlineData("set-not-null", "alter table blog.post add column n int not null;", "comment")]
    [InlineData("rename", "alter table blog.post rename column slug to path;")]
    [InlineData("rename", "alter table blog.post rename to entry;")]
    [InlineData("rename", "alter view blog.posts rename to entries;")]
    [InlineData("rename", "alter function blog.f(int) rename to g;")]
    [InlineData("rename", "alter function blog.f(int) set schema other;")]
    [InlineData("rename", "alter schema blog rename to old;")]
    [InlineData("drop", "alter table blog.post drop column slug;")]
    [InlineData("drop", "drop table blog.post;")]
    [InlineData("drop", "drop function blog.f(int, text);")]
    [InlineData("drop", "do $$ begin if true then alter table blog.post drop slug; end if; end $$;")]
    [InlineData("table-lock", "lock table blog.post in exclusive mode;")]
    [InlineData("table-lock", "truncate table blog.post;")]
    [InlineData("table-lock", New + "truncate blog.t, blog.post;")]
    [InlineData("table-lock", "reindex database blog;")]
    [InlineData("table-lock", "cluster blog.post using post_pkey;")]
    [InlineData("table-lock", "reindex table blog.post;")]
    [InlineData("table-lock", "alter table blog.post set unlogged;")]
    [InlineData("table-lock", "set local lock_timeout = '10min';")]
    [InlineData("table-lock", "reset lock_timeout;")]
    public void Finds_what_breaks_a_rule(string rule, string sql, string? besides = null)
    {
        var found = Review(Header + sql).Findings;

        Assert.Contains(rule, found.Select(finding => finding.Rule));
        Assert.DoesNotContain(found, finding => finding.Rule != rule && finding.Rule != besides);
    }

    [Theory]
    [InlineData("unbatched-update", "update blog.post set slug = 'x' where slug is null;")]
    [InlineData(
        "unbatched-update",
        "do $$ begin loop update blog.post set slug = 'x' where slug is null; end loop; end $$;"
    )]
    [InlineData("unbatched-update", "do $$ begin loop update blog.post set slug = 'x'; commit; end loop; end $$;")]
    [InlineData("table-lock", "vacuum (full, analyze) blog.post;")]
    [InlineData("table-lock", "vacuum full;")]
    [InlineData("repeatable", "drop index concurrently blog.post_slug_idx;")]
    public void Finds_it_in_a_script_without_a_transaction(string rule, string sql) =>
        Assert.Equal([rule], Review(Alone + sql).Findings.Select(finding => finding.Rule));

    [Theory]
    [InlineData(
        "alter table blog.post add column n timestamptz not null default now();\ncomment on column blog.post.n is 'N.';"
    )]
    [InlineData(
        "update blog.post set slug = 'x' where id = 1 and slug is null;\ndelete from blog.post where id in (2, 3);"
    )]
    [InlineData("create temp table work as select id from blog.post;\nupdate work set id = 1;\ndrop table work;")]
    [InlineData("insert into blog.post (slug) values ('x') on conflict do nothing;")]
    [InlineData("insert into blog.post (slug) values ('drop table post; update t set x = 1');")]
    [InlineData(
        "with w as (select id from blog.post) insert into blog.note select id from w where extract(day from id) is distinct from id;"
    )]
    [InlineData("select 1 from blog.post for update;")]
    [InlineData(
        "merge into blog.post p using blog.users u on u.id = p.author_id when not matched then insert (author_id) values (u.id);"
    )]
    [InlineData("set local statement_timeout = '5min';")]
    [InlineData(
        "alter table blog.post add constraint c not null author_id not valid, add constraint d not null slug not valid;"
    )]
    [InlineData(
        "alter table blog.post alter column title set not null;\nalter table blog.post drop constraint post_title_check;"
    )]
    [InlineData(
        "alter table blog.post validate constraint post_slug_check;\nalter table blog.post alter column slug set not null;"
    )]
    [InlineData("alter table blog.post add constraint p unique using index post_slug_idx;")]
    [InlineData("alter table blog.post add constraint f foreign key (slug) references blog.slug (slug) not valid;")]
    [InlineData(
        New
            + "create index t_idx on blog.t (id);\nalter table blog.t add constraint f foreign key (id) references blog.post (id);"
    )]
    [InlineData(
        New
            + "update blog.t set id = 1;\nalter table blog.t add constraint c check (id > 0);\nalter table blog.t alter column id type int;\nalter table blog.t alter id set not null;"
    )]
    [InlineData(New + "truncate blog.t;\nalter table blog.t rename column id to n;\ndrop table blog.t;")]
    [InlineData(
        "create or replace function blog.f() returns trigger language plpgsql as $$ begin update post set slug = 'x'; return new; end $$;"
    )]
    [InlineData(
        "create trigger t after update of slug on blog.post for each row execute function blog.f();\ndrop trigger t on blog.post;"
    )]
    [InlineData(
        "comment on table blog.post is 'It''s a post; drop table x.';\n-- drop table blog.post;\n/* update blog.post set slug = 'x'; */"
    )]
    public void Passes_what_holds_nobody_up(string sql) => Assert.Empty(Review(Header + sql).Findings);

    [Theory]
    [InlineData("create index concurrently post_a_idx on blog.post (author_id);")]
    [InlineData("drop index concurrently if exists blog.post_slug_idx;")]
    [InlineData("reindex index concurrently blog.post_slug_idx;")]
    [InlineData("vacuum analyze blog.post;")]
    [InlineData(
        "do $$ declare n bigint := 0; begin loop update blog.post set slug = 'x' where id > n and id <= n + 100; commit; exit; end loop; end $$;"
    )]
    public void Passes_it_in_a_script_without_a_transaction(string sql) => Assert.Empty(Review(Alone + sql).Findings);

    [Fact]
    public void Names_the_line_who_waits_and_the_safe_form()
    {
        var finding = Assert.Single(Review(Header + "select 1;\n\nupdate\n  blog.post\nset slug = 'x';").Findings);

        Assert.Equal(
            new MigrationFinding(
                "0002_try.sql",
                8,
                "unbatched-update",
                "This update has no where: it locks every row of blog.post, and whoever writes one waits until all are done.",
                "A loop over ranges of the primary key in a do block that commits after each, alone in a script with "
                    + "\"-- migrate: no-transaction\" (docs/operate/zero-downtime.md)."
            ),
            finding
        );
    }

    [Fact]
    public void Wants_the_header()
    {
        Assert.Equal(
            ["-- 0002_try: what it does, in a sentence.", "-- why: ...", "-- locks: ...", "-- undo: ..."],
            Review("select 1;").Findings.Select(finding => finding.SafeForm)
        );
        Assert.Equal(
            ["The header does not say how to undo it."],
            Review("-- 0002_try: one.\n-- why: x\n-- locks: x\n-- undo:\nselect 1;\n-- undo: too late")
                .Findings.Select(finding => finding.Problem)
        );
        Assert.Equal(
            ["header"],
            Review(Header.Replace("0002_try", "0003_try", StringComparison.Ordinal) + "select 1;")
                .Findings.Select(finding => finding.Rule)
        );
    }

    static MigrationReview Review(string script) =>
        MigrationReview.Of([before, new MigrationScript("0002_try.sql", script)]);
}
