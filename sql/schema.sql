-- The schema blog as a whole, as the migrations make it up to 0008_narrow_rights.sql.
-- Read from the catalogue of a database by: blog migrate snapshot > sql/schema.sql
-- Nothing is applied from here, a server is held against it: blog migrate drift. It runs nevertheless, as a superuser, in an empty
-- database of a cluster that has the four roles, and makes the same schema (tested); only the rows of the migrations are missing.
-- Each object stands under a line with its name, which is how it is found again.

set check_function_bodies = off;

---- role blog_owner
alter role blog_owner with nologin inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;

---- role blog_migrator
alter role blog_migrator with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
grant blog_owner to blog_migrator;

---- role blog_app
alter role blog_app with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role blog_app set idle_in_transaction_session_timeout = '10s';
alter role blog_app set jit = 'off';
alter role blog_app set lock_timeout = '1s';
alter role blog_app set plan_cache_mode = 'force_generic_plan';
alter role blog_app set search_path = pg_catalog;
alter role blog_app set statement_timeout = '5s';

---- role blog_readonly
alter role blog_readonly with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role blog_readonly set default_transaction_read_only = 'on';
alter role blog_readonly set search_path = pg_catalog;
alter role blog_readonly set statement_timeout = '60s';

---- rights on database
do $$
begin
  execute format('revoke connect, temporary on database %I from public', current_database());
  execute format('grant connect on database %I to blog_app', current_database());
  execute format('grant connect on database %I to blog_migrator', current_database());
  execute format('grant connect, create on database %I to blog_owner', current_database());
  execute format('grant connect on database %I to blog_readonly', current_database());
end
$$;

---- schema blog
create schema blog;
alter schema blog owner to blog_owner;
comment on schema blog is 'A blog: users, their profiles and posts, and the tags of the posts.';

---- table blog.idempotency_key
create table blog.idempotency_key (
  scope bytea not null,
  fingerprint bytea not null,
  status integer,
  headers jsonb,
  body bytea,
  expires_at timestamp with time zone not null,
  constraint idempotency_key_pkey primary key (scope)
);
alter table blog.idempotency_key owner to blog_owner;
comment on table blog.idempotency_key is 'A write that was sent with an Idempotency-Key, and its answer; committed together with what the write did.';
comment on column blog.idempotency_key.scope is 'SHA-256 of principal, method, path, query and key: two requests of one scope are one write.';
comment on column blog.idempotency_key.fingerprint is 'SHA-256 of what was sent: the content type, whether a body was wanted in the answer, and the body.';
comment on column blog.idempotency_key.status is 'HTTP status of the answer, a success; null only inside the transaction that is doing the write.';
comment on column blog.idempotency_key.headers is 'Headers of the answer by name, those that every answer has left out; null as status is.';
comment on column blog.idempotency_key.body is 'Body of the answer, byte for byte, empty where it had none; null as status is.';
comment on column blog.idempotency_key.expires_at is 'From when on the row counts as absent, 24 hours after the write; it is deleted some time later.';

---- table blog.schemaversions
create table blog.schemaversions (
  schemaversionsid serial not null,
  scriptname character varying(255) not null,
  applied timestamp without time zone not null,
  checksum text,
  duration_ms bigint,
  applied_by text,
  runner text,
  constraint "PK_schemaversions_Id" primary key (schemaversionsid)
);
alter table blog.schemaversions owner to blog_owner;
comment on table blog.schemaversions is 'The journal of the migrations, in the shape DbUp reads and writes.';
comment on column blog.schemaversions.schemaversionsid is 'Order in which the scripts were journalled.';
comment on column blog.schemaversions.scriptname is 'File name of the script; once only.';
comment on column blog.schemaversions.applied is 'When, by the local clock of the machine that applied it; no zone, as DbUp does.';
comment on column blog.schemaversions.checksum is 'SHA-256 of the script with line ends as LF; null until a row of DbUp is adopted.';
comment on column blog.schemaversions.duration_ms is 'How long the script took, in milliseconds; null when DbUp applied it.';
comment on column blog.schemaversions.applied_by is 'The role that connected to apply it; null when DbUp applied it.';
comment on column blog.schemaversions.runner is 'The program that applied it: blog or dbup.';

---- table blog.tag
create table blog.tag (
  id bigint generated always as identity,
  name text collate "C" not null,
  version bigint not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint tag_pkey primary key (id),
  constraint tag_name_key unique (name),
  constraint tag_name_length check (char_length(name) >= 1 and char_length(name) <= 30)
);
alter table blog.tag owner to blog_owner;
comment on table blog.tag is 'A word that posts share. Tags are found or created by name, never twice.';
comment on column blog.tag.id is 'Identity of the tag; never used again after a delete.';
comment on column blog.tag.name is 'Name, 1 to 30 code points in Unicode normalisation form C, without outer white space; unique by code points.';
comment on column blog.tag.version is 'Moves by one with every rename; part of the ETag.';
comment on column blog.tag.created_at is 'When the tag was created.';
comment on column blog.tag.updated_at is 'When version moved last.';

---- table blog.tag_epoch
create table blog.tag_epoch (
  only_row boolean not null default true,
  epoch bigint not null,
  constraint tag_epoch_pkey primary key (only_row),
  constraint tag_epoch_only_row check (only_row)
);
alter table blog.tag_epoch owner to blog_owner;
comment on table blog.tag_epoch is 'One row: a rename, merge or delete of any tag moves it, instead of touching every post that carries the tag.';
comment on column blog.tag_epoch.only_row is 'Always true: there is one row.';
comment on column blog.tag_epoch.epoch is 'Part of the ETag of whatever shows tag names.';

---- table blog.users
create table blog.users (
  id bigint generated always as identity,
  name text collate "C" not null,
  version bigint not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_pkey primary key (id),
  constraint users_name_length check (char_length(name) >= 1 and char_length(name) <= 50)
);
alter table blog.users owner to blog_owner;
comment on table blog.users is 'An author of the blog. Deleting one deletes the profile and the posts.';
comment on column blog.users.id is 'Identity of the user; never used again after a delete.';
comment on column blog.users.name is 'Display name, 1 to 50 code points in Unicode normalisation form C; not unique.';
comment on column blog.users.version is 'Moves by one with every change of the user, the profile, the posts or their tags; part of the ETag.';
comment on column blog.users.created_at is 'When the user was created.';
comment on column blog.users.updated_at is 'When version moved last.';

---- table blog.post
create table blog.post (
  id bigint generated always as identity,
  author_id bigint not null,
  title text not null,
  content text not null,
  version bigint not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint post_pkey primary key (id),
  constraint post_author_id_fkey foreign key (author_id) references blog.users(id) on delete cascade,
  constraint post_content_size check (octet_length(content) <= 1048576),
  constraint post_title_length check (char_length(title) >= 1 and char_length(title) <= 100)
);
alter table blog.post owner to blog_owner;
comment on table blog.post is 'A post of the blog, written by one user.';
comment on column blog.post.id is 'Identity of the post; a higher id is a newer post.';
comment on column blog.post.author_id is 'The user who wrote it.';
comment on column blog.post.title is 'Title, 1 to 100 code points in Unicode normalisation form C.';
comment on column blog.post.content is 'Text as sent, at most 1 MiB of UTF-8; may be empty.';
comment on column blog.post.version is 'Moves by one with every change of the post or its tag links; part of the ETag.';
comment on column blog.post.created_at is 'When the post was created.';
comment on column blog.post.updated_at is 'When version moved last.';

---- table blog.post_tag
create table blog.post_tag (
  post_id bigint not null,
  tag_id bigint not null,
  constraint post_tag_pkey primary key (post_id, tag_id),
  constraint post_tag_post_id_fkey foreign key (post_id) references blog.post(id) on delete cascade,
  constraint post_tag_tag_id_fkey foreign key (tag_id) references blog.tag(id) on delete cascade
);
alter table blog.post_tag owner to blog_owner;
comment on table blog.post_tag is 'Which post carries which tag.';
comment on column blog.post_tag.post_id is 'The post; the primary key begins with it, so a post''s tags are one index range.';
comment on column blog.post_tag.tag_id is 'The tag.';

---- table blog.profile
create table blog.profile (
  id bigint generated always as identity,
  user_id bigint not null,
  bio text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint profile_pkey primary key (id),
  constraint profile_user_id_key unique (user_id),
  constraint profile_user_id_fkey foreign key (user_id) references blog.users(id) on delete cascade,
  constraint profile_bio_length check (char_length(bio) >= 1 and char_length(bio) <= 200)
);
alter table blog.profile owner to blog_owner;
comment on table blog.profile is 'What a user says about themselves; a user has one or none.';
comment on column blog.profile.id is 'Identity of the profile.';
comment on column blog.profile.user_id is 'The user it belongs to; unique, and its index serves the cascade.';
comment on column blog.profile.bio is 'Free text, 1 to 200 code points in Unicode normalisation form C.';
comment on column blog.profile.created_at is 'When the profile was created.';
comment on column blog.profile.updated_at is 'When bio was written last.';

---- function blog.paired_characters()
create or replace function blog.paired_characters()
 returns text
 language sql
 immutable parallel safe
as $function$
  select '\u3005-\u3007\u3041-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF'
$function$;
alter routine blog.paired_characters() owner to blog_owner;
comment on routine blog.paired_characters() is 'Ideographs, kana and Hangul syllables, for the brackets of a regular expression.';

---- function blog.post_words(bigint,bigint,text,text)
create or replace function blog.post_words(id bigint, author_id bigint, title text, content text)
 returns tsvector
 language plpgsql
 immutable parallel safe strict cost 1000
as $function$
declare
  source text := blog.search_text(title || ' ' || left(content, 65536));
  words tsvector := to_tsvector('pg_catalog.simple', left(source, 200000))
    || array_to_tsvector(array['#s' || (id >> 14), '#a' || author_id]);
  pair text := blog.paired_characters();
begin
  if source ~ ('[' || pair || ']') then
    -- The last character of a run begins no pair.
    words := words || strip(to_tsvector('pg_catalog.simple',
      regexp_replace(source, '(?:[' || pair || '],?)*([' || pair || '])|[^' || pair || ']+', ' \1', 'g')));
  end if;
  return words;
end
$function$;
alter routine blog.post_words(bigint,bigint,text,text) owner to blog_owner;
comment on routine blog.post_words(bigint,bigint,text,text) is 'What GET /posts?q= finds a post by: the words of the title and of the first 65,536 characters of the content, its slice and its author.';

---- function blog.search_candidates(tsquery)
create or replace function blog.search_candidates(query tsquery)
 returns tsquery
 language sql
 immutable parallel safe strict
as $function$
  select case when query::text like '%!%' then query
    else regexp_replace(query::text, ' <[-0-9]+> ', ' & ', 'g')::tsquery end
$function$;
alter routine blog.search_candidates(tsquery) owner to blog_owner;
comment on routine blog.search_candidates(tsquery) is 'A query that finds what the given one finds and more, and that the index answers alone: phrases as their words.';

---- function blog.search_query(text)
create or replace function blog.search_query(words text)
 returns tsquery
 language plpgsql
 immutable parallel safe strict
as $function$
begin
  return regexp_replace(
    websearch_to_tsquery('pg_catalog.simple', blog.search_text(words))::text,
    '''([' || blog.paired_characters() || '])''', '''\1'':*', 'g'
  )::tsquery;
end
$function$;
alter routine blog.search_query(text) owner to blog_owner;
comment on routine blog.search_query(text) is 'What somebody looks for: words, "phrases", or, -not. A paired character alone stands for every pair that begins with it.';

---- function blog.search_text(text)
create or replace function blog.search_text(source text)
 returns text
 language plpgsql
 immutable parallel safe strict
as $function$
declare
  pair text;
  folded text;
begin
  if source !~ '[^\u0001-\u007F]' then
    return source;
  end if;
  folded := regexp_replace(
    translate(lower(normalize(source, nfkc)), '“”„«»', '"""""'),
    '[\u0080-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7\u2000-\u206F\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u303D-\u303F\u30A0\u30FB\uFE10-\uFE6F]+',
    ' ', 'g'
  );
  pair := blog.paired_characters();
  if folded !~ ('[' || pair || ']') then
    return folded;
  end if;
  -- A comma where such characters touch others; then each inner one closes a pair and opens the next.
  folded := regexp_replace(
    folded,
    '(?<=[^\s",' || pair || '-])(?=[' || pair || '])|(?<=[' || pair || '])(?=[^\s",' || pair || '])',
    ',', 'g'
  );
  return regexp_replace(folded, '(?<=[' || pair || '])([' || pair || '])(?=[' || pair || '])', '\1,\1', 'g');
end
$function$;
alter routine blog.search_text(text) owner to blog_owner;
comment on routine blog.search_text(text) is 'A text ready for the parser: in form KC, and every run of paired characters as its pairs, 東京都 as 東京,京都. A comma separates words, and websearch_to_tsquery takes words that only commas separate for one phrase.';

---- index blog.idempotency_key_expires_at_idx on table blog.idempotency_key
create index idempotency_key_expires_at_idx on blog.idempotency_key using btree (expires_at);

---- index blog.post_author_id_id_idx on table blog.post
create index post_author_id_id_idx on blog.post using btree (author_id, id);

---- index blog.post_words_idx on table blog.post
create index post_words_idx on blog.post using gin (blog.post_words(id, author_id, title, content)) with (fastupdate=off);

---- index blog.post_tag_tag_id_post_id_idx on table blog.post_tag
create index post_tag_tag_id_post_id_idx on blog.post_tag using btree (tag_id, post_id);

---- index blog.schemaversions_scriptname_key on table blog.schemaversions
create unique index schemaversions_scriptname_key on blog.schemaversions using btree (scriptname);

---- index blog.users_name_id_idx on table blog.users
create index users_name_id_idx on blog.users using btree (name, id);

---- rights on schema blog
grant usage on schema blog to blog_app;
grant usage on schema blog to blog_readonly;

---- rights on table blog.idempotency_key
grant
  select (body, expires_at, fingerprint, headers, scope, status),
  insert (expires_at, fingerprint, scope),
  update (body, expires_at, fingerprint, headers, status),
  delete
on blog.idempotency_key to blog_app;
grant select on blog.idempotency_key to blog_readonly;

---- rights on table blog.post
grant
  select (author_id, content, created_at, id, title, updated_at, version),
  insert (author_id, content, id, title),
  update (author_id, content, title, updated_at, version),
  delete
on blog.post to blog_app;
grant select on blog.post to blog_readonly;

---- rights on table blog.post_tag
grant
  select (post_id, tag_id),
  insert (post_id, tag_id),
  update (tag_id),
  delete
on blog.post_tag to blog_app;
grant select on blog.post_tag to blog_readonly;

---- rights on table blog.profile
grant
  select (bio, id, user_id, xmax),
  insert (bio, user_id),
  update (bio, updated_at),
  delete
on blog.profile to blog_app;
grant select on blog.profile to blog_readonly;

---- rights on table blog.schemaversions
grant
  select (applied, checksum, scriptname)
on blog.schemaversions to blog_app;
grant select on blog.schemaversions to blog_readonly;

---- rights on table blog.tag
grant
  select (created_at, id, name, updated_at, version),
  insert (id, name),
  update (name, updated_at, version),
  delete
on blog.tag to blog_app;
grant select on blog.tag to blog_readonly;

---- rights on table blog.tag_epoch
grant
  select (epoch),
  update (epoch)
on blog.tag_epoch to blog_app;
grant select on blog.tag_epoch to blog_readonly;

---- rights on table blog.users
grant
  select (created_at, id, name, updated_at, version),
  insert (id, name),
  update (name, updated_at, version),
  delete
on blog.users to blog_app;
grant select on blog.users to blog_readonly;

---- rights on sequence blog.post_id_seq
grant usage on sequence blog.post_id_seq to blog_app;

---- rights on sequence blog.users_id_seq
grant usage on sequence blog.users_id_seq to blog_app;

---- rights on function blog.paired_characters()
revoke execute on function blog.paired_characters() from public;
grant execute on function blog.paired_characters() to blog_app;
grant execute on function blog.paired_characters() to blog_readonly;

---- rights on function blog.post_words(bigint,bigint,text,text)
revoke execute on function blog.post_words(bigint,bigint,text,text) from public;
grant execute on function blog.post_words(bigint,bigint,text,text) to blog_app;
grant execute on function blog.post_words(bigint,bigint,text,text) to blog_readonly;

---- rights on function blog.search_candidates(tsquery)
revoke execute on function blog.search_candidates(tsquery) from public;
grant execute on function blog.search_candidates(tsquery) to blog_app;
grant execute on function blog.search_candidates(tsquery) to blog_readonly;

---- rights on function blog.search_query(text)
revoke execute on function blog.search_query(text) from public;
grant execute on function blog.search_query(text) to blog_app;
grant execute on function blog.search_query(text) to blog_readonly;

---- rights on function blog.search_text(text)
revoke execute on function blog.search_text(text) from public;
grant execute on function blog.search_text(text) to blog_app;
grant execute on function blog.search_text(text) to blog_readonly;

---- defaults blog_owner
alter default privileges for role blog_owner in schema blog grant select on tables to blog_readonly;
