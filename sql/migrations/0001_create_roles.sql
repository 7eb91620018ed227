-- 0001_create_roles: the four roles, the schema, and what each role may do in it.
-- why:   one role owns, one changes, one serves, one only reads; a stolen service password cannot alter the schema.
-- locks: none on data. Roles belong to the whole cluster, so only what is missing is created or set: a second database
--        of the same cluster finds the roles in place and changes nothing about them.
-- needs: a superuser, or a role with createrole that owns the database. Later scripts need only blog_migrator.
-- undo:  drop schema blog cascade; drop role blog_readonly, blog_app, blog_migrator, blog_owner;
--        (grants in other databases go first: drop owned by <role> in each).

do $$
begin
  -- Two databases of a cluster may run this at once. The second waits at the name of the first missing role until the
  -- first has committed all of this, is told that the role exists, and finds the rest in place.
  begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'blog_owner') then
      create role blog_owner nologin;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'blog_migrator') then
      create role blog_migrator login;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'blog_app') then
      create role blog_app login;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'blog_readonly') then
      create role blog_readonly login;
    end if;
  exception
    when duplicate_object or unique_violation then null;
  end;

  -- Membership is how the migrator, and whoever runs this script, may act as the owner. Asked is usage, not membership:
  -- since PostgreSQL 16 who creates a role is a member of it that may grant it but not act as it.
  if not pg_catalog.pg_has_role('blog_migrator', 'blog_owner', 'usage') then
    grant blog_owner to blog_migrator;
  end if;
  if not pg_catalog.pg_has_role(current_user, 'blog_owner', 'usage') then
    grant blog_owner to current_user;
  end if;

  -- Settings of a role reach every session it opens, through a connection pooler too.
  if (select rolconfig is null from pg_catalog.pg_roles where rolname = 'blog_app') then
    alter role blog_app set search_path = pg_catalog;
    alter role blog_app set statement_timeout = '5s';
    alter role blog_app set lock_timeout = '1s';
    alter role blog_app set idle_in_transaction_session_timeout = '10s';
  end if;
  if (select rolconfig is null from pg_catalog.pg_roles where rolname = 'blog_readonly') then
    alter role blog_readonly set search_path = pg_catalog;
    alter role blog_readonly set default_transaction_read_only = on;
    alter role blog_readonly set statement_timeout = '60s';
  end if;

  execute pg_catalog.format('revoke all on database %I from public', pg_catalog.current_database());
  execute pg_catalog.format(
    'grant connect on database %I to blog_owner, blog_migrator, blog_app, blog_readonly', pg_catalog.current_database());
  -- Who is to own a schema must be allowed to make one.
  execute pg_catalog.format('grant create on database %I to blog_owner', pg_catalog.current_database());
end
$$;

revoke create on schema public from public;

create schema if not exists blog;
alter schema blog owner to blog_owner;
comment on schema blog is 'A blog: users, their profiles and posts, and the tags of the posts.';
grant usage on schema blog to blog_app, blog_readonly;

-- The journal of the migrations is made by the runner before the first script; the service only reads it.
alter table blog.schemaversions owner to blog_owner;
grant select on blog.schemaversions to blog_app, blog_readonly;

-- Whatever the owner creates from here on, the service may read and write row by row, and the reader may read.
alter default privileges for role blog_owner in schema blog grant select, insert, update, delete on tables to blog_app;
alter default privileges for role blog_owner in schema blog grant usage on sequences to blog_app;
alter default privileges for role blog_owner in schema blog grant select on tables to blog_readonly;
