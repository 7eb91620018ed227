-- 0008_narrow_rights: the service may do what its statements do, column by column, and nothing else.
-- why:   the statements are a closed catalogue, so the rights that they need are known: blog sql grants prints them, and a test holds
--        this database against it, both ways. Who steals the password of the service can read no column and write none that
--        no statement reads or writes.
--        A table or function that comes later gives blog_app nothing by itself: its script grants what the new statements need.
-- locks: none on data.
-- undo:  grant select, insert, update, delete on all tables in schema blog to blog_app;
--        revoke insert, update, delete on blog.schemaversions from blog_app;
--        alter default privileges for role blog_owner in schema blog grant select, insert, update, delete on tables to blog_app;
--        alter default privileges for role blog_owner in schema blog grant usage on sequences to blog_app;

set local role blog_owner;

alter default privileges in schema blog revoke all on tables from blog_app;
alter default privileges in schema blog revoke all on sequences from blog_app;
revoke all on all tables in schema blog from blog_app;
revoke all on all sequences in schema blog from blog_app;

grant
  select (body, expires_at, fingerprint, headers, scope, status),
  insert (expires_at, fingerprint, scope),
  update (body, expires_at, fingerprint, headers, status),
  delete
on blog.idempotency_key to blog_app;
grant
  select (author_id, content, created_at, id, title, updated_at, version),
  insert (author_id, content, id, title),
  update (author_id, content, title, updated_at, version),
  delete
on blog.post to blog_app;
grant
  select (post_id, tag_id),
  insert (post_id, tag_id),
  update (tag_id),
  delete
on blog.post_tag to blog_app;
grant
  select (bio, id, user_id, xmax),
  insert (bio, user_id),
  update (bio, updated_at),
  delete
on blog.profile to blog_app;
grant select (applied, checksum, scriptname) on blog.schemaversions to blog_app;
grant
  select (created_at, id, name, updated_at, version),
  insert (id, name),
  update (name, updated_at, version),
  delete
on blog.tag to blog_app;
grant select (epoch), update (epoch) on blog.tag_epoch to blog_app;
grant
  select (created_at, id, name, updated_at, version),
  insert (id, name),
  update (name, updated_at, version),
  delete
on blog.users to blog_app;
grant usage on sequence blog.post_id_seq to blog_app;
grant usage on sequence blog.users_id_seq to blog_app;
