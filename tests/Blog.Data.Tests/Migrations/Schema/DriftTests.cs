using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations.Schema;

/// <summary>What was changed by hand is named, and nothing else.</summary>
public sealed class DriftTests(PostgresServer server)
{
    public static TheoryData<string, string[]> Changes =>
        new()
        {
            {
                "drop index blog.users_name_id_idx",
                [
                    """
                        index blog.users_name_id_idx: missing
                          - create index users_name_id_idx on blog.users using btree (name, id);
                        """,
                ]
            },
            {
                "update pg_index set indisvalid = false where indexrelid = 'blog.users_name_id_idx'::regclass",
                [
                    "index blog.users_name_id_idx: create index users_name_id_idx on blog.users using btree (name, id) /* invalid */, "
                        + "not create index users_name_id_idx on blog.users using btree (name, id)",
                ]
            },
            {
                "alter table blog.users disable trigger all",
                [
                    "constraint blog.post.post_author_id_fkey: foreign key (author_id) references blog.users(id) on delete cascade /* disabled on blog.users */, "
                        + "not foreign key (author_id) references blog.users(id) on delete cascade",
                    "constraint blog.profile.profile_user_id_fkey: foreign key (user_id) references blog.users(id) on delete cascade /* disabled on blog.users */, "
                        + "not foreign key (user_id) references blog.users(id) on delete cascade",
                ]
            },
            {
                "create index extra on blog.post (title)",
                ["index blog.extra: added\n  + create index extra on blog.post using btree (title);"]
            },
            {
                "alter table blog.profile rename column bio to about",
                ["column blog.profile.bio: named about, not named bio"]
            },
            { "alter table blog.users rename column name to a", ["column blog.users.name: named a, not named name"] },
            {
                "alter table blog.idempotency_key alter column status type smallint",
                ["column blog.idempotency_key.status: smallint, not integer"]
            },
            {
                "alter table blog.post alter column version set default 2",
                ["column blog.post.version: bigint not null default 2, not bigint not null default 1"]
            },
            {
                "alter table blog.post alter column version drop not null",
                ["column blog.post.version: bigint default 1, not bigint not null default 1"]
            },
            {
                "alter table blog.tag add column colour text default 'red'",
                ["column blog.tag.colour: added\n  + text default 'red'::text"]
            },
            {
                "alter table blog.idempotency_key drop column headers",
                [
                    "column blog.idempotency_key.headers: missing\n  - jsonb",
                    """
                        rights of blog_app on table blog.idempotency_key: changed
                          -   select (body, expires_at, fingerprint, headers, scope, status),
                          +   select (body, expires_at, fingerprint, scope, status),
                          -   update (body, expires_at, fingerprint, headers, status),
                          +   update (body, expires_at, fingerprint, status),
                        """,
                ]
            },
            {
                "comment on column blog.tag.version is null",
                ["comment on column blog.tag.version: missing\n  - 'Moves by one with every rename; part of the ETag.'"]
            },
            {
                "comment on schema blog is 'Mine.'",
                [
                    "comment on schema blog: 'Mine.', not 'A blog: users, their profiles and posts, and the tags of the posts.'",
                ]
            },
            {
                "set role blog_owner; create table blog.note (id int); create index on blog.note (id)",
                [
                    """
                        table blog.note: added
                          + create table blog.note (
                          +   id integer
                          + );
                          + alter table blog.note owner to blog_owner;
                        """,
                ]
            },
            {
                "drop table blog.tag_epoch",
                [
                    """
                        table blog.tag_epoch: missing
                          - create table blog.tag_epoch (
                          -   only_row boolean not null default true,
                          -   epoch bigint not null,
                          -   constraint tag_epoch_pkey primary key (only_row),
                          -   constraint tag_epoch_only_row check (only_row)
                          - );
                          - alter table blog.tag_epoch owner to blog_owner;
                          - comment on table blog.tag_epoch is 'One row: a rename, merge or delete of any tag moves it, instead of touching every post that carries the tag.';
                          - comment on column blog.tag_epoch.only_row is 'Always true: there is one row.';
                          - comment on column blog.tag_epoch.epoch is 'Part of the ETag of whatever shows tag names.';
                        """,
                ]
            },
            {
                "alter table blog.idempotency_key drop column body, add column body bytea; grant select (body), update (body) on blog.idempotency_key to blog_app;"
                    + "comment on column blog.idempotency_key.body is 'Body of the answer, byte for byte, empty where it had none; null as status is.'",
                [
                    "order of columns of table blog.idempotency_key: scope, fingerprint, status, headers, expires_at, body, "
                        + "not scope, fingerprint, status, headers, body, expires_at",
                ]
            },
            {
                "alter table blog.tag_epoch set (fillfactor = 50)",
                [
                    "table blog.tag_epoch: create table blog.tag_epoch with (fillfactor=50), not create table blog.tag_epoch",
                ]
            },
            {
                "grant truncate on blog.users to blog_app",
                [
                    """
                        rights of blog_app on table blog.users: changed
                          -   delete
                          +   delete,
                          +   truncate
                        """,
                ]
            },
            {
                "grant select on blog.users to public",
                ["rights of public on table blog.users: added\n  + grant select on blog.users to public"]
            },
            {
                "revoke update (title) on blog.post from blog_app",
                [
                    """
                        rights of blog_app on table blog.post: changed
                          -   update (author_id, content, title, updated_at, version),
                          +   update (author_id, content, updated_at, version),
                        """,
                ]
            },
            {
                "revoke insert on blog.users from blog_owner",
                ["rights of blog_owner on table blog.users: added\n  + revoke insert on blog.users from blog_owner"]
            },
            {
                "do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$",
                ["rights of public on database: revoke connect on database, not revoke connect, temporary on database"]
            },
            {
                "alter default privileges for role blog_owner in schema blog grant insert on tables to blog_app",
                [
                    "defaults blog_owner: changed\n  + alter default privileges for role blog_owner in schema blog grant insert on tables to blog_app",
                ]
            },
            {
                "create or replace function blog.search_candidates(query tsquery) returns tsquery language sql immutable strict parallel safe as 'select query'",
                [
                    """
                        function blog.search_candidates(tsquery): changed
                          - as $function$
                          -   select case when query::text like '%!%' then query
                          -     else regexp_replace(query::text, ' <[-0-9]+> ', ' & ', 'g')::tsquery end
                          - $function$
                          + as $function$select query$function$
                        """,
                ]
            },
            {
                "alter table blog.tag drop constraint tag_name_length, add constraint tag_name_length check (char_length(name) between 1 and 30) not valid",
                [
                    "constraint blog.tag.tag_name_length: check (char_length(name) >= 1 and char_length(name) <= 30) not valid, "
                        + "not check (char_length(name) >= 1 and char_length(name) <= 30)",
                ]
            },
            {
                "alter table blog.profile drop constraint profile_user_id_key",
                ["constraint blog.profile.profile_user_id_key: missing\n  - unique (user_id)"]
            },
            {
                "alter table blog.tag_epoch owner to postgres",
                ["owner of table blog.tag_epoch: postgres, not blog_owner"]
            },
            {
                "alter function blog.search_text(text) owner to postgres",
                ["owner of function blog.search_text(text): postgres, not blog_owner"]
            },
            {
                "alter sequence blog.users_id_seq cache 5",
                [
                    "column blog.users.id: bigint generated always as identity (sequence name blog.users_id_seq start 1 increment 1 minvalue 1 "
                        + "maxvalue 9223372036854775807 cache 5), not bigint generated always as identity",
                ]
            },
            {
                "create function blog.f() returns trigger language plpgsql as 'begin return null; end';"
                    + "create trigger t after insert on blog.users execute function blog.f()",
                [
                    """
                        function blog.f(): added
                          + create or replace function blog.f()
                          +  returns trigger
                          +  language plpgsql
                          + as $function$begin return null; end$function$;
                          + alter routine blog.f() owner to postgres;
                        """,
                    "trigger t on table blog.users: added\n  + create trigger t after insert on blog.users for each statement execute function blog.f();",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Names_what_was_changed(string change, string[] expected)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(change);

        var report = await CheckAsync(database, "blog_readonly");

        Assert.True(report.Compared);
        Assert.Equal(expected, report.Differences.Select(difference => difference.ToString()));
    }

    /// <summary>Roles belong to the cluster, so it is one of its own.</summary>
    [Fact]
    public async Task Names_what_was_changed_about_the_roles()
    {
        await using var cluster = new PostgresServer();
        await cluster.InitializeAsync();
        await using var database = await TestDatabase.CreateMigratedAsync(cluster);
        await database.ExecuteAsync(
            $"""
            alter role blog_app set lock_timeout = '9s';
            alter role blog_app set work_mem = '1GB';
            alter role blog_app in database {database.Name} set jit = on;
            alter role blog_readonly reset statement_timeout;
            alter role blog_readonly createdb;
            revoke blog_owner from blog_migrator;
            """
        );

        var report = await CheckAsync(database, "blog_app");

        Assert.Equal(
            [
                "membership blog_migrator in blog_owner: missing\n  - grant blog_owner to blog_migrator",
                "setting blog_app.lock_timeout: '9s', not '1s'",
                "setting blog_app.jit in this database: added\n  + 'on'",
                "setting blog_app.work_mem: added\n  + '1GB'",
                "role blog_readonly: alter role blog_readonly with login inherit nosuperuser createdb nocreaterole noreplication nobypassrls, "
                    + "not alter role blog_readonly with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls",
                "setting blog_readonly.statement_timeout: missing\n  - '60s'",
            ],
            report.Differences.Select(difference => difference.ToString())
        );
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("blog_migrator")]
    [InlineData("blog_app")]
    [InlineData("blog_readonly")]
    public async Task A_migrated_database_has_not_drifted_whoever_asks(string role)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        var report = await CheckAsync(database, role);

        Assert.True(report.Compared);
        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task A_database_that_is_behind_has_not_drifted()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, [.. MigrationScript.LoadAll().Take(7)]);

        var report = await CheckAsync(database, "postgres");

        Assert.False(report.Compared);
        Assert.Empty(report.Differences);
        Assert.Equal(
            ["0008_narrow_rights.sql"],
            report.States.Where(state => state.Status == MigrationStatus.Pending).Select(state => state.Script)
        );
    }

    [Fact]
    public async Task A_database_that_is_ahead_differs_by_what_the_newer_script_did()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(
            database,
            [.. MigrationScript.LoadAll(), Run.Script("9999_drop_index.sql", "drop index blog.users_name_id_idx;")]
        );

        var report = await CheckAsync(database, "postgres");

        Assert.Equal(
            "9999_drop_index.sql",
            report.States.Single(state => state.Status == MigrationStatus.Vanished).Script
        );
        Assert.Equal(["index blog.users_name_id_idx"], report.Differences.Select(difference => difference.Title));
    }

    static Task<DriftReport> CheckAsync(TestDatabase database, string role) =>
        SchemaDrift.CheckAsync(database.ConnectionString(role), Run.Stop);
}
