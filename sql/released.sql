-- Every statement that the service of release 1.0 sends: with the functions and sequences that it needs, and what it returns.
-- release: 1.0
-- script:  0008_narrow_rights.sql
-- why:     while a new release replaces this one, both are running, and the schema must serve both.
-- run:     psql -f sql/released.sql prepares each statement and executes none; blog migrate dossier asks more.
-- Written by: blog sql released 1.0 > sql/released.sql

-- returns: script character varying(255), applied timestamp without time zone, checksum text
prepare "health/get_journal 1" as
/* health/get_journal 1 */
select j.scriptname as script, j.applied, j.checksum
from blog.schemaversions j
order by j.scriptname;

-- returns: kind text, name text, state text
prepare "health/get_schema 1" as
/* health/get_schema 1 */
with object as (
  select c.oid, c.relname, c.relkind
  from pg_catalog.pg_class c
  where c.relnamespace = 'blog'::regnamespace
),
field as (
  select o.oid, a.attnum, o.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type
  from object o
  join pg_catalog.pg_attribute a on a.attrelid = o.oid
  where o.relkind in ('r', 'p') and (a.attnum > 0 or a.attname = 'xmax') and not a.attisdropped
)
select 'column' as kind, f.name, f.type as state
from field f
union all
select verb.name, f.name, ''
from field f
cross join (values ('select'), ('insert'), ('update')) verb (name)
where has_column_privilege(f.oid, f.attnum, verb.name)
union all
select 'delete', o.relname, ''
from object o
where o.relkind in ('r', 'p') and has_table_privilege(o.oid, 'delete')
union all
select 'index', o.relname, case when i.indisvalid then 'valid' else 'invalid' end
from object o
join pg_catalog.pg_index i on i.indexrelid = o.oid
union all
select 'usage', o.relname, ''
from object o
where case when o.relkind = 'S' then has_sequence_privilege(o.oid, 'usage') end
union all
select 'usage', n.nspname, ''
from pg_catalog.pg_namespace n
where n.nspname = 'blog' and has_schema_privilege(n.oid, 'usage')
union all
select 'execute', p.proname, ''
from pg_catalog.pg_proc p
where p.pronamespace = 'blog'::regnamespace and has_function_privilege(p.oid, 'execute')
union all
select 'setting', 'plan_cache_mode', current_setting('plan_cache_mode')
order by kind, name;

-- returns: fingerprint bytea, status integer, headers text, body bytea
prepare "idempotency/claim_key 1" (bytea, bytea, int) as
/* idempotency/claim_key 1 */
insert into blog.idempotency_key as k (scope, fingerprint, expires_at)
select $1, $2, now() + interval '24 hours'
where pg_try_advisory_xact_lock(1231316333, $3)
on conflict (scope) do update
set fingerprint = case when k.expires_at > now() then k.fingerprint else excluded.fingerprint end,
    status = case when k.expires_at > now() then k.status end,
    headers = case when k.expires_at > now() then k.headers end,
    body = case when k.expires_at > now() then k.body end,
    expires_at = case when k.expires_at > now() then k.expires_at else excluded.expires_at end
returning k.fingerprint, k.status, k.headers::text as headers, k.body;

prepare "idempotency/clear_expired_keys 1" (int) as
/* idempotency/clear_expired_keys 1 */
delete from blog.idempotency_key k
where k.scope = any(array(
  select expired.scope
  from blog.idempotency_key expired
  where expired.expires_at <= now()
  order by expired.expires_at, expired.scope
  limit $1
  for update skip locked
));

prepare "idempotency/commit_answer 1" (int, text, bytea, bytea) as
/* idempotency/commit_answer 1 */
update blog.idempotency_key
set status = $1, headers = $2::jsonb, body = $3
where scope = $4;

-- returns: author_id bigint, post_id bigint
prepare "posts/add_post_tags 1" (bigint) as
/* posts/add_post_tags 1 */
select p.author_id, p.id as post_id
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = $1
for no key update of u;

-- calls:   paired_characters, post_words, search_text
-- returns: tags bigint, is_stale boolean, has_turn boolean
prepare "posts/add_post_tags 2" (bigint, bigint[], bigint[], int) as
/* posts/add_post_tags 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = $1
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), missing as (
  select wanted.tag_id
  from unnest($2::bigint[]) as wanted (tag_id)
  where not exists (select from blog.post_tag pt where pt.post_id = $1 and pt.tag_id = wanted.tag_id)
), total as (
  select (select count(*) from missing) + (select count(*) from blog.post_tag pt where pt.post_id = $1) as tags
), changed as (
  update blog.post p
  set version = p.version + 1, updated_at = now()
  from turn
  where p.id = $1 and p.author_id = turn.id
    and ($3::bigint[] is null or p.version = any($3::bigint[]))
    and exists (select from missing)
    and (select total.tags from total) <= $4
  returning p.id, p.author_id
), added as (
  insert into blog.post_tag (post_id, tag_id)
  select changed.id, missing.tag_id
  from changed
  cross join missing
  order by missing.tag_id
  on conflict do nothing
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  total.tags, not ($3::bigint[] is null or p.version = any($3::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
cross join total
where p.id = $1;

-- returns: version bigint, tag_epoch bigint, name text, id bigint
prepare "posts/add_post_tags 3" (bigint) as
/* posts/add_post_tags 3 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = $1
order by pt.tag_id;

-- calls:   paired_characters, post_words, search_candidates, search_query, search_text
-- returns: total bigint, is_all boolean
prepare "posts/count_found_posts 1" (text) as
/* posts/count_found_posts 1 */
with recursive asked as materialized (
  select
    blog.search_query($1::text) as exact,
    blog.search_candidates(blog.search_query($1::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
), visited (down_to, found, is_late) as (
  select 9223372036854775807, 0::bigint, false
  union all
  select
    older.slice << 14, visited.found + matched.posts,
    matched.is_late or clock_timestamp() > (select a.deadline from asked a)
  from visited
  cross join lateral (
    select max(p.id) >> 14 as slice
    from blog.post p
    where p.id < visited.down_to
  ) older
  cross join lateral (
    select count(*) filter (where held.is_match) as posts, coalesce(bool_or(held.is_match is null), false) as is_late
    from (
      select
        case
          when (select a.exact = a.candidates from asked a) then true
          when clock_timestamp() > (select a.deadline from asked a) then null
          else (
            select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
            from blog.post p
            where p.id = candidate.id
          )
        end as is_match
      from (
        select p.id
        from blog.post p
        where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
          and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#s' || older.slice)::tsquery
        offset 0
      ) candidate
      offset 0
    ) held
  ) matched
  where visited.found <= 10000 and not visited.is_late and older.slice is not null
)
select least(max(visited.found), 10000) as total, max(visited.found) <= 10000 and not bool_or(visited.is_late) as is_all
from visited;

-- calls:   paired_characters, post_words, search_candidates, search_query, search_text
-- returns: total bigint, is_all boolean
prepare "posts/count_found_posts_by_author 1" (text, bigint) as
/* posts/count_found_posts_by_author 1 */
with asked as materialized (
  select
    blog.search_query($1::text) as exact,
    blog.search_candidates(blog.search_query($1::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
)
select
  least(count(*) filter (where counted.is_match), 10000) as total,
  count(*) <= 10000 and not coalesce(bool_or(counted.is_match is null), false) as is_all
from (
  select held.is_match
  from (
    select
      case
        when (select a.exact = a.candidates from asked a) then true
        when clock_timestamp() > (select a.deadline from asked a) then null
        else (
          select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
          from blog.post p
          where p.id = candidate.id
        )
      end as is_match
    from (
      select p.id
      from blog.post p
      where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
        and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#a' || $2)::tsquery
      offset 0
    ) candidate
    offset 0
  ) held
  where held.is_match is not false
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "posts/count_posts 1" as
/* posts/count_posts 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.post p
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "posts/count_posts_by_any_tag 1" (text[]) as
/* posts/count_posts_by_any_tag 1 */
with wanted as materialized (
  select t.id
  from blog.tag t
  where t.name = any($1::text[])
)
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select distinct found.post_id as id
  from wanted w
  cross join lateral (
    select pt.post_id
    from blog.post_tag pt
    where pt.tag_id = w.id
    limit 10001
  ) found
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "posts/count_posts_by_author 1" (bigint) as
/* posts/count_posts_by_author 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select p.id
  from blog.post p
  where p.author_id = $1
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "posts/count_posts_by_author_and_any_tag 1" (text[], bigint) as
/* posts/count_posts_by_author_and_any_tag 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any($1::text[])
), author as materialized (
  select count(*) as posts, min(post.id) as reach
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < ($2, 9223372036854775807)
      and (p.author_id, p.id) > ($2, 0)
    order by p.author_id desc, p.id desc
    limit 1000
  ) post
), chosen as materialized (
  select (a.posts, a.reach) <= (w.links, w.reach) as by_author
  from wanted w
  cross join author a
  order by w.links desc, w.reach desc
  limit 1
)
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  (
    select p.id
    from blog.post p
    where (select c.by_author from chosen c)
      and p.author_id = $2
      and exists (
        select
        from (select pt.tag_id from blog.post_tag pt where pt.post_id = p.id offset 0) other
        where other.tag_id = any(array(select w.id from wanted w))
        offset 0
      )
    limit 10001
  )
  union all
  (
    select distinct found.post_id
    from wanted w
    cross join lateral (
      select pt.post_id
      from blog.post_tag pt
      where not (select c.by_author from chosen c)
        and pt.tag_id = w.id
        and (select p.author_id from blog.post p where p.id = pt.post_id) = $2
      limit 10001
    ) found
  )
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "posts/count_posts_by_author_and_tags 1" (text[], bigint) as
/* posts/count_posts_by_author_and_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any($1::text[])
), author as materialized (
  select count(*) as posts, min(post.id) as reach
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < ($2, 9223372036854775807)
      and (p.author_id, p.id) > ($2, 0)
    order by p.author_id desc, p.id desc
    limit 1000
  ) post
), chosen as materialized (
  select
    w.id as tag_id,
    (a.posts, a.reach) <= (w.links, w.reach) as by_author
  from wanted w
  cross join author a
  where (select count(*) from wanted) = cardinality($1::text[])
  order by w.links, w.reach
  limit 1
)
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  (
    select p.id
    from blog.post p
    where (select c.by_author from chosen c)
      and p.author_id = $2
      and not exists (
        select
        from wanted w
        where not exists (
          select from blog.post_tag other where other.post_id = p.id and other.tag_id = w.id offset 0
        )
        offset 0
      )
    limit 10001
  )
  union all
  (
    select pt.post_id
    from blog.post_tag pt
    where not (select c.by_author from chosen c)
      and pt.tag_id = (select c.tag_id from chosen c)
      and (select p.author_id from blog.post p where p.id = pt.post_id) = $2
      and not exists (
        select
        from wanted w
        where w.id <> pt.tag_id and not exists (
          select from blog.post_tag other where other.post_id = pt.post_id and other.tag_id = w.id offset 0
        )
        offset 0
      )
    limit 10001
  )
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "posts/count_posts_by_tags 1" (text[]) as
/* posts/count_posts_by_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any($1::text[])
), rarest as materialized (
  select w.id
  from wanted w
  where (select count(*) from wanted) = cardinality($1::text[])
  order by w.links, w.reach
  limit 1
)
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select pt.post_id as id
  from blog.post_tag pt
  where pt.tag_id = (select r.id from rarest r)
    and not exists (
      select
      from wanted w
      where w.id <> pt.tag_id and not exists (
        select from blog.post_tag other where other.post_id = pt.post_id and other.tag_id = w.id offset 0
      )
      offset 0
    )
  limit 10001
) counted;

-- calls:   paired_characters, post_words, search_text
-- returns: id bigint, version bigint, tag_epoch bigint
prepare "posts/create_post 1" (bigint, text, text, bigint[]) as
/* posts/create_post 1 */
with author as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = $1
  returning u.id
), created as (
  insert into blog.post (author_id, title, content)
  select author.id, $2, $3
  from author
  returning id, version
), linked as (
  insert into blog.post_tag (post_id, tag_id)
  select created.id, wanted.tag_id
  from created
  cross join unnest($4::bigint[]) as wanted (tag_id)
  order by wanted.tag_id
)
select created.id, created.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from created;

-- returns: has_author boolean, is_deleted boolean
prepare "posts/delete_post 1" (bigint, bigint[]) as
/* posts/delete_post 1 */
with author as (
  select u.id
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = $1
  for no key update of u
), removed as (
  delete from blog.post p
  using author
  where p.id = $1 and p.author_id = author.id
    and ($2::bigint[] is null or p.version = any($2::bigint[]))
  returning p.author_id
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from removed
  where u.id = removed.author_id
)
select exists (select from author) as has_author, exists (select from removed) as is_deleted
from blog.post p
where p.id = $1;

-- returns: id bigint, version bigint
prepare "posts/delete_post_tag 1" (bigint) as
/* posts/delete_post_tag 1 */
select u.id, u.version
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = $1
for no key update of u;

-- calls:   paired_characters, post_words, search_text
-- returns: version bigint, tag_epoch bigint, is_stale boolean, has_turn boolean
prepare "posts/delete_post_tag 2" (bigint, bigint[], bigint) as
/* posts/delete_post_tag 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = $1
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), changed as (
  update blog.post p
  set version = p.version + 1, updated_at = now()
  from turn
  where p.id = $1 and p.author_id = turn.id
    and ($2::bigint[] is null or p.version = any($2::bigint[]))
    and exists (select from blog.post_tag pt where pt.post_id = $1 and pt.tag_id = $3)
  returning p.id, p.author_id
), removed as (
  delete from blog.post_tag pt
  using changed
  where pt.post_id = changed.id and pt.tag_id = $3
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch,
  not ($2::bigint[] is null or p.version = any($2::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
where p.id = $1;

-- returns: title text, content text, id bigint, author_id bigint, version bigint, tag_epoch bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, author_version bigint
prepare "posts/get_post 1" (boolean, bigint) as
/* posts/get_post 1 */
select
  p.title, p.content, p.id, p.author_id, p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, p.created_at, p.updated_at,
  author.name as author, author.version as author_version
from blog.post p
left join lateral (select u.name, u.version from blog.users u where u.id = p.author_id and $1) author on true
where p.id = $2;

-- returns: name text, id bigint
prepare "posts/get_post 2" (bigint, boolean) as
/* posts/get_post 2 */
select t.name, t.id
from blog.post_tag pt
join blog.tag t on t.id = pt.tag_id
where pt.post_id = $1 and $2
order by t.id;

-- returns: version bigint, tag_epoch bigint, author_version bigint
prepare "posts/get_post_revision 1" (boolean, bigint) as
/* posts/get_post_revision 1 */
select
  p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch,
  (select u.version from blog.users u where u.id = p.author_id and $1) as author_version
from blog.post p
where p.id = $2;

-- returns: version bigint, tag_epoch bigint, name text, id bigint
prepare "posts/get_post_tags 1" (bigint) as
/* posts/get_post_tags 1 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = $1
order by t.id;

-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/list_posts 1" (bigint, int, boolean, boolean) as
/* posts/list_posts 1 */
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select p.id
    from blog.post p
    where p.id < $1
    order by p.id desc
    limit 101
  ) capped
  limit $2
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and $3 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and $4
) tags on true
order by page.id desc;

-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/list_posts_by_any_tag 1" (text[], bigint, int, boolean, boolean) as
/* posts/list_posts_by_any_tag 1 */
with wanted as materialized (
  select t.id
  from blog.tag t
  where t.name = any($1::text[])
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select distinct found.post_id as id
    from wanted w
    cross join lateral (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (w.id, $2)
        and (pt.tag_id, pt.post_id) > (w.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 101
    ) found
    order by id desc
    limit 101
  ) capped
  limit $3
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and $4 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and $5
) tags on true
order by page.id desc;

-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/list_posts_by_author 1" (bigint, bigint, int, boolean, boolean) as
/* posts/list_posts_by_author 1 */
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < ($1, $2)
      and (p.author_id, p.id) > ($1, 0)
    order by p.author_id desc, p.id desc
    limit 101
  ) capped
  limit $3
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and $4 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and $5
) tags on true
order by page.id desc;

-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/list_posts_by_author_and_any_tag 1" (text[], bigint, bigint, int, boolean, boolean) as
/* posts/list_posts_by_author_and_any_tag 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any($1::text[])
), author as materialized (
  select count(*) as posts, min(post.id) as reach
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < ($2, 9223372036854775807)
      and (p.author_id, p.id) > ($2, 0)
    order by p.author_id desc, p.id desc
    limit 1000
  ) post
), chosen as materialized (
  select (a.posts, a.reach) <= (w.links, w.reach) as by_author
  from wanted w
  cross join author a
  order by w.links desc, w.reach desc
  limit 1
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    (
      select p.id
      from blog.post p
      where (select c.by_author from chosen c)
        and (p.author_id, p.id) < ($2, $3)
        and (p.author_id, p.id) > ($2, 0)
        and exists (
          select
          from (select pt.tag_id from blog.post_tag pt where pt.post_id = p.id offset 0) other
          where other.tag_id = any(array(select w.id from wanted w))
          offset 0
        )
      order by p.author_id desc, p.id desc
      limit 101
    )
    union all
    (
      select distinct found.post_id
      from wanted w
      cross join lateral (
        select pt.post_id
        from blog.post_tag pt
        where not (select c.by_author from chosen c)
          and (pt.tag_id, pt.post_id) < (w.id, $3)
          and (pt.tag_id, pt.post_id) > (w.id, 0)
          and (select p.author_id from blog.post p where p.id = pt.post_id) = $2
        order by pt.tag_id desc, pt.post_id desc
        limit 101
      ) found
    )
    order by id desc
    limit 101
  ) capped
  limit $4
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and $5 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and $6
) tags on true
order by page.id desc;

-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/list_posts_by_author_and_tags 1" (text[], bigint, bigint, int, boolean, boolean) as
/* posts/list_posts_by_author_and_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any($1::text[])
), author as materialized (
  select count(*) as posts, min(post.id) as reach
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < ($2, 9223372036854775807)
      and (p.author_id, p.id) > ($2, 0)
    order by p.author_id desc, p.id desc
    limit 1000
  ) post
), chosen as materialized (
  select
    w.id as tag_id,
    (a.posts, a.reach) <= (w.links, w.reach) as by_author
  from wanted w
  cross join author a
  where (select count(*) from wanted) = cardinality($1::text[])
  order by w.links, w.reach
  limit 1
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    (
      select p.id
      from blog.post p
      where (select c.by_author from chosen c)
        and (p.author_id, p.id) < ($2, $3)
        and (p.author_id, p.id) > ($2, 0)
        and not exists (
          select
          from wanted w
          where not exists (
            select from blog.post_tag other where other.post_id = p.id and other.tag_id = w.id offset 0
          )
          offset 0
        )
      order by p.author_id desc, p.id desc
      limit 101
    )
    union all
    (
      select pt.post_id
      from blog.post_tag pt
      where not (select c.by_author from chosen c)
        and (pt.tag_id, pt.post_id) < ((select c.tag_id from chosen c), $3)
        and (pt.tag_id, pt.post_id) > ((select c.tag_id from chosen c), 0)
        and (select p.author_id from blog.post p where p.id = pt.post_id) = $2
        and not exists (
          select
          from wanted w
          where w.id <> pt.tag_id and not exists (
            select from blog.post_tag other where other.post_id = pt.post_id and other.tag_id = w.id offset 0
          )
          offset 0
        )
      order by pt.tag_id desc, pt.post_id desc
      limit 101
    )
    order by id desc
    limit 101
  ) capped
  limit $4
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and $5 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and $6
) tags on true
order by page.id desc;

-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/list_posts_by_tags 1" (text[], bigint, int, boolean, boolean) as
/* posts/list_posts_by_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any($1::text[])
), rarest as materialized (
  select w.id
  from wanted w
  where (select count(*) from wanted) = cardinality($1::text[])
  order by w.links, w.reach
  limit 1
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select pt.post_id as id
    from blog.post_tag pt
    where (pt.tag_id, pt.post_id) < ((select r.id from rarest r), $2)
      and (pt.tag_id, pt.post_id) > ((select r.id from rarest r), 0)
      and not exists (
        select
        from wanted w
        where w.id <> pt.tag_id and not exists (
          select from blog.post_tag other where other.post_id = pt.post_id and other.tag_id = w.id offset 0
        )
        offset 0
      )
    order by pt.tag_id desc, pt.post_id desc
    limit 101
  ) capped
  limit $3
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and $4 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and $5
) tags on true
order by page.id desc;

-- returns: id bigint, post_id bigint
prepare "posts/patch_post 1" (bigint) as
/* posts/patch_post 1 */
select u.id, p.id as post_id
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = $1
for no key update of u;

-- calls:   paired_characters, post_words, search_text
-- returns: author_id bigint, title text, content text, is_stale boolean, has_turn boolean
prepare "posts/patch_post 2" (bigint, bigint[], text, text, bigint[]) as
/* posts/patch_post 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = $1
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), surplus as (
  select pt.tag_id
  from blog.post_tag pt
  where pt.post_id = $1 and pt.tag_id <> all($2::bigint[])
), missing as (
  select wanted.tag_id
  from unnest($2::bigint[]) as wanted (tag_id)
  where not exists (select from blog.post_tag pt where pt.post_id = $1 and pt.tag_id = wanted.tag_id)
), changed as (
  update blog.post p
  set title = coalesce($3::text, p.title), content = coalesce($4::text, p.content),
    version = p.version + 1, updated_at = now()
  from turn
  where p.id = $1 and p.author_id = turn.id
    and ($5::bigint[] is null or p.version = any($5::bigint[]))
    and (p.title <> $3::text or p.content <> $4::text
      or exists (select from surplus) or exists (select from missing))
  returning p.id, p.author_id
), removed as (
  delete from blog.post_tag pt
  using changed, surplus
  where pt.post_id = changed.id and pt.tag_id = surplus.tag_id
), added as (
  insert into blog.post_tag (post_id, tag_id)
  select changed.id, missing.tag_id
  from changed
  cross join missing
  order by missing.tag_id
  on conflict do nothing
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  p.author_id, coalesce($3::text, p.title) as title, coalesce($4::text, p.content) as content,
  not ($5::bigint[] is null or p.version = any($5::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
where p.id = $1;

-- returns: version bigint, tag_epoch bigint, name text, id bigint
prepare "posts/patch_post 3" (bigint) as
/* posts/patch_post 3 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = $1
order by p.id, t.id;

-- calls:   paired_characters, post_words, search_query, search_text
-- returns: id bigint
prepare "posts/reckon_found_posts 1" (text) as
/* posts/reckon_found_posts 1 */
select p.id
from blog.post p
where blog.post_words(p.id, p.author_id, p.title, p.content) @@ blog.search_query($1::text);

-- returns: id bigint
prepare "posts/replace_post 1" (bigint) as
/* posts/replace_post 1 */
select u.id
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = $1
for no key update of u;

-- calls:   paired_characters, post_words, search_text
-- returns: author_id bigint, is_stale boolean, has_turn boolean
prepare "posts/replace_post 2" (bigint, bigint[], text, text, bigint[]) as
/* posts/replace_post 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = $1
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), surplus as (
  select pt.tag_id
  from blog.post_tag pt
  where pt.post_id = $1 and pt.tag_id <> all($2::bigint[])
), missing as (
  select wanted.tag_id
  from unnest($2::bigint[]) as wanted (tag_id)
  where not exists (select from blog.post_tag pt where pt.post_id = $1 and pt.tag_id = wanted.tag_id)
), changed as (
  update blog.post p
  set title = $3, content = $4, version = p.version + 1, updated_at = now()
  from turn
  where p.id = $1 and p.author_id = turn.id
    and ($5::bigint[] is null or p.version = any($5::bigint[]))
    and (p.title <> $3 or p.content <> $4 or exists (select from surplus) or exists (select from missing))
  returning p.id, p.author_id
), removed as (
  delete from blog.post_tag pt
  using changed, surplus
  where pt.post_id = changed.id and pt.tag_id = surplus.tag_id
), added as (
  insert into blog.post_tag (post_id, tag_id)
  select changed.id, missing.tag_id
  from changed
  cross join missing
  order by missing.tag_id
  on conflict do nothing
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  p.author_id, not ($5::bigint[] is null or p.version = any($5::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
where p.id = $1;

-- returns: version bigint, tag_epoch bigint, name text, id bigint
prepare "posts/replace_post 3" (bigint) as
/* posts/replace_post 3 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = $1
order by p.id, pt.tag_id;

-- returns: author_id bigint
prepare "posts/replace_post_tags 1" (bigint) as
/* posts/replace_post_tags 1 */
select p.author_id
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = $1
for no key update of u;

-- calls:   paired_characters, post_words, search_text
-- returns: is_stale boolean, has_turn boolean
prepare "posts/replace_post_tags 2" (bigint, bigint[], bigint[]) as
/* posts/replace_post_tags 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = $1
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), surplus as (
  select pt.tag_id
  from blog.post_tag pt
  where pt.post_id = $1 and pt.tag_id <> all($2::bigint[])
), missing as (
  select wanted.tag_id
  from unnest($2::bigint[]) as wanted (tag_id)
  where not exists (select from blog.post_tag pt where pt.post_id = $1 and pt.tag_id = wanted.tag_id)
), changed as (
  update blog.post p
  set version = p.version + 1, updated_at = now()
  from turn
  where p.id = $1 and p.author_id = turn.id
    and ($3::bigint[] is null or p.version = any($3::bigint[]))
    and (exists (select from surplus) or exists (select from missing))
  returning p.id, p.author_id
), removed as (
  delete from blog.post_tag pt
  using changed, surplus
  where pt.post_id = changed.id and pt.tag_id = surplus.tag_id
), added as (
  insert into blog.post_tag (post_id, tag_id)
  select changed.id, missing.tag_id
  from changed
  cross join missing
  order by missing.tag_id
  on conflict do nothing
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  not ($3::bigint[] is null or p.version = any($3::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
where p.id = $1;

-- returns: version bigint, tag_epoch bigint, name text, id bigint
prepare "posts/replace_post_tags 3" (bigint) as
/* posts/replace_post_tags 3 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = $1
order by pt.post_id, t.id;

-- calls:   paired_characters, post_words, search_candidates, search_query, search_text
-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/search_posts 1" (text, bigint, int, boolean, boolean) as
/* posts/search_posts 1 */
with recursive asked as materialized (
  select
    blog.search_query($1::text) as exact,
    blog.search_candidates(blog.search_query($1::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
), visited (down_to, ids, missing, is_late) as (
  select $2::bigint, array[]::bigint[], $3::int, false
  union all
  select
    coalesce(found.down_to, older.slice << 14), found.ids, visited.missing - cardinality(found.ids),
    found.down_to is not null or clock_timestamp() > (select a.deadline from asked a)
  from visited
  cross join lateral (
    select max(p.id) >> 14 as slice
    from blog.post p
    where p.id < visited.down_to
  ) older
  cross join lateral (
    select
      coalesce(array_agg(looked.id) filter (where looked.is_match), array[]::bigint[]) as ids,
      max(looked.id) filter (where looked.is_match is null) + 1 as down_to
    from (
      select held.id, held.is_match
      from (
        select
          newest.id,
          case
            when (select a.exact = a.candidates from asked a) then true
            when newest.nth > 1 and clock_timestamp() > (select a.deadline from asked a) then null
            else (
              select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
              from blog.post p
              where p.id = newest.id
            )
          end as is_match
        from (
          select matched.id, row_number() over (order by matched.id desc) as nth
          from (
            select p.id
            from blog.post p
            where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
              and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#s' || older.slice)::tsquery
            offset 0
          ) matched
          where matched.id < $2
          order by matched.id desc
          offset 0
        ) newest
        offset 0
      ) held
      where held.is_match is not false
      limit visited.missing
    ) looked
    offset 0
  ) found
  where visited.missing > 0 and not visited.is_late and older.slice is not null
), page as materialized (
  select capped.id, capped.is_match
  from (
    (
      select unnest(visited.ids) as id, true as is_match
      from visited
      order by id desc
      limit 101
    )
    union all
    (
      select visited.down_to, false
      from visited
      where visited.is_late and visited.missing > 0
      limit 1
    )
    order by id desc, is_match desc
    limit 101
  ) capped
  limit $3
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from page
left join blog.post p on p.id = page.id and page.is_match
left join lateral (select u.name from blog.users u where u.id = p.author_id and $4 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = p.id and $5
) tags on true
order by page.id desc, page.is_match desc;

-- calls:   paired_characters, post_words, search_candidates, search_query, search_text
-- returns: id bigint, title text, content text, author_id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, author text, tag_ids bigint[], tag_names text[]
prepare "posts/search_posts_by_author 1" (text, bigint, bigint, int, boolean, boolean) as
/* posts/search_posts_by_author 1 */
with asked as materialized (
  select
    blog.search_query($1::text) as exact,
    blog.search_candidates(blog.search_query($1::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
), looked as materialized (
  select held.id, held.is_match
  from (
    select
      newest.id,
      case
        when (select a.exact = a.candidates from asked a) then true
        when newest.nth > 1 and clock_timestamp() > (select a.deadline from asked a) then null
        else (
          select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
          from blog.post p
          where p.id = newest.id
        )
      end as is_match
    from (
      select matched.id, row_number() over (order by matched.id desc) as nth
      from (
        select p.id
        from blog.post p
        where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
          and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#a' || $2)::tsquery
        offset 0
      ) matched
      where matched.id < $3
      order by matched.id desc
      offset 0
    ) newest
    offset 0
  ) held
  where held.is_match is not false
  limit $4
), page as materialized (
  select capped.id, capped.is_match
  from (
    (
      select l.id, true as is_match
      from looked l
      where l.is_match
      order by l.id desc
      limit 101
    )
    union all
    (
      select l.id + 1, false
      from looked l
      where l.is_match is null
      order by l.id desc
      limit 1
    )
    order by id desc, is_match desc
    limit 101
  ) capped
  limit $4
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from page
left join blog.post p on p.id = page.id and page.is_match
left join lateral (select u.name from blog.users u where u.id = p.author_id and $5 offset 0) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = p.id and $6
) tags on true
order by page.id desc, page.is_match desc;

-- returns: epoch bigint
prepare "tags/claim_tag_name 1" as
/* tags/claim_tag_name 1 */
update blog.tag_epoch e
set epoch = e.epoch + 1
returning e.epoch;

-- returns: id bigint
prepare "tags/claim_tag_name 2" (text, bigint) as
/* tags/claim_tag_name 2 */
insert into blog.tag (id, name)
overriding system value
select 0, $1
where exists (select from blog.tag t where t.id = $2)
  and not exists (select from blog.tag t where t.name = $1)
on conflict (name) do nothing
returning id;

-- returns: name text, id bigint, version bigint
prepare "tags/claim_tag_name 3" (bigint, text) as
/* tags/claim_tag_name 3 */
select t.name, t.id, t.version
from blog.tag t
where t.id = $1 or t.name = $2
order by t.id;

-- returns: total bigint, is_all boolean
prepare "tags/count_tags 1" as
/* tags/count_tags 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.tag t
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "tags/count_tags_by_name 1" (text) as
/* tags/count_tags_by_name 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.tag t
  where t.name = $1
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "tags/count_tags_by_name_prefix 1" (text) as
/* tags/count_tags_by_name_prefix 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.tag t
  where t.name between $1::text and $1::text || repeat(chr(1114111), 30)
  order by t.name
  limit 10001
) counted;

-- returns: epoch bigint
prepare "tags/delete_tag 1" as
/* tags/delete_tag 1 */
select e.epoch
from blog.tag_epoch e
for update;

-- returns: id bigint, version bigint
prepare "tags/delete_tag 2" (bigint, bigint) as
/* tags/delete_tag 2 */
select t.id, t.version
from blog.tag t
where t.id in ($1, $2)
order by t.name
for update;

-- returns: authors bigint
prepare "tags/delete_tag 3" (bigint, bigint[]) as
/* tags/delete_tag 3 */
select count(*) as authors
from (
  select distinct p.author_id
  from blog.post_tag l
  join blog.post p on p.id = l.post_id
  where l.tag_id = (
    select t.id from blog.tag t
    where t.id = $1 and ($2::bigint[] is null or t.version = any($2::bigint[]))
  )
  order by p.author_id
) author
cross join lateral (
  select u.id from blog.users u
  where u.id = author.author_id
  for share
) kept;

prepare "tags/delete_tag 4" (bigint, bigint, bigint[]) as
/* tags/delete_tag 4 */
update blog.post_tag l
set tag_id = o.id
from blog.tag o
where o.id = $1
  and l.tag_id = (
    select t.id from blog.tag t
    where t.id = $2 and ($3::bigint[] is null or t.version = any($3::bigint[]))
  )
  and not exists (select from blog.post_tag has where has.post_id = l.post_id and has.tag_id = o.id offset 0);

-- returns: deleted boolean
prepare "tags/delete_tag 5" (bigint, bigint[], bigint) as
/* tags/delete_tag 5 */
with deleted as (
  delete from blog.tag t
  where t.id = $1 and ($2::bigint[] is null or t.version = any($2::bigint[]))
    and ($3::bigint is null or exists (select from blog.tag o where o.id = $3))
  returning t.id
), moved as (
  update blog.tag_epoch e
  set epoch = e.epoch + 1
  from deleted
)
select exists (select from deleted) as deleted;

-- returns: id bigint
prepare "tags/find_or_create_tags 1" (text[]) as
/* tags/find_or_create_tags 1 */
insert into blog.tag (name)
select distinct wanted.name collate "C" as name
from unnest($1::text[]) as wanted (name)
where not exists (select from blog.tag t where t.name = wanted.name)
order by name
on conflict (name) do nothing
returning id;

-- returns: name text, id bigint, version bigint
prepare "tags/find_or_create_tags 2" (text[]) as
/* tags/find_or_create_tags 2 */
select t.name, t.id, t.version
from blog.tag t
where t.name = any($1::text[])
order by t.name
for key share;

-- returns: name text, id bigint, version bigint, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint
prepare "tags/get_tag 1" (boolean, bigint) as
/* tags/get_tag 1 */
select
  t.name, t.id, t.version, t.created_at, t.updated_at,
  case when $1 then (
    select count(*) from (select from blog.post_tag pt where pt.tag_id = t.id limit 10000) counted
  ) end as post_count
from blog.tag t
where t.id = $2;

-- returns: name text, id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint
prepare "tags/list_tags 1" (boolean, text, int) as
/* tags/list_tags 1 */
select
  capped.name, capped.id, capped.created_at, capped.updated_at,
  case when $1 then (
    select count(*) from (select from blog.post_tag pt where pt.tag_id = capped.id limit 10000) counted
  ) end as post_count
from (
  select t.name, t.id, t.created_at, t.updated_at
  from blog.tag t
  where t.name > $2
  order by t.name
  limit 101
) capped
order by capped.name
limit $3;

-- returns: name text, id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint
prepare "tags/list_tags_by_name 1" (boolean, text, text, int) as
/* tags/list_tags_by_name 1 */
select
  capped.name, capped.id, capped.created_at, capped.updated_at,
  case when $1 then (
    select count(*) from (select from blog.post_tag pt where pt.tag_id = capped.id limit 10000) counted
  ) end as post_count
from (
  select t.name, t.id, t.created_at, t.updated_at
  from blog.tag t
  where t.name = $2
    and t.name > $3
  order by t.name
  limit 101
) capped
order by capped.name
limit $4;

-- returns: name text, id bigint, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint
prepare "tags/list_tags_by_name_prefix 1" (boolean, text, text, int) as
/* tags/list_tags_by_name_prefix 1 */
select
  capped.name, capped.id, capped.created_at, capped.updated_at,
  case when $1 then (
    select count(*) from (select from blog.post_tag pt where pt.tag_id = capped.id limit 10000) counted
  ) end as post_count
from (
  select t.name, t.id, t.created_at, t.updated_at
  from blog.tag t
  where t.name between $2::text and $2::text || repeat(chr(1114111), 30)
    and t.name > $3
  order by t.name
  limit 101
) capped
order by capped.name
limit $4;

-- returns: name text, id bigint, version bigint
prepare "tags/rename_tag 1" (text, bigint, bigint[]) as
/* tags/rename_tag 1 */
with claim as (
  delete from blog.tag c
  where c.id = 0
  returning c.id
)
update blog.tag t
set name = $1, version = t.version + 1, updated_at = now()
from claim
where t.id = $2 and ($3::bigint[] is null or t.version = any($3::bigint[]))
returning t.name, t.id, t.version;

-- returns: total bigint, is_all boolean
prepare "users/count_users 1" as
/* users/count_users 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.users u
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "users/count_users_by_name 1" (text) as
/* users/count_users_by_name 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.users u
  where u.name = $1
  limit 10001
) counted;

-- returns: total bigint, is_all boolean
prepare "users/count_users_by_name_prefix 1" (text) as
/* users/count_users_by_name_prefix 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.users u
  where u.name between $1::text and $1::text || repeat(chr(1114111), 50)
  order by u.name, u.id
  limit 10001
) counted;

-- returns: id bigint, version bigint, tag_epoch bigint
prepare "users/create_user 1" (text) as
/* users/create_user 1 */
insert into blog.users (name)
values ($1)
returning id, version, (select e.epoch from blog.tag_epoch e) as tag_epoch;

-- draws:   users_id_seq
-- returns: id bigint
prepare "users/create_user 2" (text) as
/* users/create_user 2 */
insert into blog.profile (user_id, bio)
select currval('blog.users_id_seq'), $1::text
where $1::text is not null
returning id;

-- calls:   paired_characters, post_words, search_text
-- draws:   users_id_seq
-- returns: id bigint
prepare "users/create_user 3" (text[], text[]) as
/* users/create_user 3 */
insert into blog.post (author_id, title, content)
select currval('blog.users_id_seq'), created.title, created.content
from unnest($1::text[], $2::text[]) with ordinality as created (title, content, ordinal)
order by created.ordinal
returning id;

-- draws:   users_id_seq
prepare "users/create_user 4" (int[], bigint[]) as
/* users/create_user 4 */
insert into blog.post_tag (post_id, tag_id)
select post.id, link.tag_id
from (
  select id, row_number() over (order by id) as ordinal
  from blog.post
  where author_id = (select currval('blog.users_id_seq'))
) post
join unnest($1::int[], $2::bigint[]) as link (ordinal, tag_id) on link.ordinal = post.ordinal
order by post.id, link.tag_id;

prepare "users/create_users 1" (bigint[], text[]) as
/* users/create_users 1 */
insert into blog.users (id, name)
overriding system value
select created.id, created.name
from unnest($1::bigint[], $2::text[]) as created (id, name)
order by created.id;

prepare "users/create_users 2" (bigint[], text[]) as
/* users/create_users 2 */
insert into blog.profile (user_id, bio)
select created.id, created.bio
from unnest($1::bigint[], $2::text[]) as created (id, bio)
where created.bio is not null
order by created.id;

-- calls:   paired_characters, post_words, search_text
prepare "users/create_users 3" (bigint[], bigint[], text[], text[]) as
/* users/create_users 3 */
insert into blog.post (id, author_id, title, content)
overriding system value
select created.id, created.author_id, created.title, created.content
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
  as created (id, author_id, title, content)
order by created.id;

prepare "users/create_users 4" (bigint[], bigint[]) as
/* users/create_users 4 */
insert into blog.post_tag (post_id, tag_id)
select link.post_id, link.tag_id
from unnest($1::bigint[], $2::bigint[]) as link (post_id, tag_id)
order by link.post_id, link.tag_id;

-- returns: existed boolean, removed boolean
prepare "users/delete_profile 1" (bigint, bigint[]) as
/* users/delete_profile 1 */
with changed as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = $1 and ($2::bigint[] is null or u.version = any($2::bigint[]))
    and exists (select from blog.profile p where p.user_id = u.id)
  returning u.id
), removed as (
  delete from blog.profile p
  using changed
  where p.user_id = changed.id
  returning p.id
)
select
  exists (select from blog.profile p where p.user_id = u.id) as existed,
  exists (select from removed) as removed
from blog.users u
where u.id = $1;

prepare "users/delete_user 1" (bigint, bigint[]) as
/* users/delete_user 1 */
delete from blog.users u
where u.id = $1 and ($2::bigint[] is null or u.version = any($2::bigint[]));

-- returns: epoch bigint
prepare "users/delete_user_keep_posts 1" as
/* users/delete_user_keep_posts 1 */
select e.epoch
from blog.tag_epoch e
for share;

-- returns: id bigint, version bigint
prepare "users/delete_user_keep_posts 2" (bigint, bigint) as
/* users/delete_user_keep_posts 2 */
select u.id, u.version
from blog.users u
where u.id in ($1, $2)
order by u.id
for update;

-- calls:   paired_characters, post_words, search_text
prepare "users/delete_user_keep_posts 3" (bigint, bigint, bigint[]) as
/* users/delete_user_keep_posts 3 */
with taken as (
  update blog.post p
  set author_id = heir.id, version = p.version + 1, updated_at = now()
  from blog.users heir
  where heir.id = $1
    and p.author_id = (
      select u.id from blog.users u
      where u.id = $2 and ($3::bigint[] is null or u.version = any($3::bigint[]))
    )
  returning p.id
)
update blog.users heir
set version = heir.version + 1, updated_at = now()
where heir.id = $1 and exists (select from taken);

-- returns: id bigint
prepare "users/delete_user_keep_posts 4" (bigint, bigint[], bigint) as
/* users/delete_user_keep_posts 4 */
delete from blog.users u
where u.id = $1 and ($2::bigint[] is null or u.version = any($2::bigint[]))
  and exists (select from blog.users heir where heir.id = $3)
returning u.id;

-- returns: id bigint, name text, bio text, post_id bigint, title text, content text, tag_names text
prepare "users/export_users 1" (bigint) as
/* users/export_users 1 */
select
  u.id, u.name, (select p.bio from blog.profile p where p.user_id = u.id) as bio,
  post.id as post_id, post.title, post.content, tags.names as tag_names
from blog.users u
left join lateral (
  select id, title, content
  from blog.post
  where author_id = u.id
  order by id
) post on true
left join lateral (
  select coalesce(array_to_json(array_agg(t.name order by t.name)), '[]')::text as names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = post.id
) tags on post.id is not null
where u.id > $1
order by u.id, post.id;

-- returns: id bigint
prepare "users/find_user 1" (bigint) as
/* users/find_user 1 */
select u.id
from blog.users u
where u.id = $1;

-- returns: name text
prepare "users/find_user_names 1" (text[]) as
/* users/find_user_names 1 */
select wanted.name
from unnest($1::text[]) as wanted (name)
where exists (select from blog.users u where u.name = wanted.name)
group by wanted.name
order by wanted.name;

-- returns: version bigint, tag_epoch bigint, profile_id bigint, bio text
prepare "users/get_profile 1" (bigint) as
/* users/get_profile 1 */
select u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, p.id as profile_id, p.bio
from blog.users u
left join blog.profile p on p.user_id = u.id
where u.id = $1;

-- returns: id bigint, name text, version bigint, tag_epoch bigint, created_at timestamp with time zone, updated_at timestamp with time zone, profile_id bigint, bio text
prepare "users/get_user 1" (bigint) as
/* users/get_user 1 */
select
  u.id, u.name, u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, u.created_at, u.updated_at,
  p.id as profile_id, p.bio
from blog.users u
left join blog.profile p on p.user_id = u.id
where u.id = $1;

-- returns: id bigint, title text, content text
prepare "users/get_user 2" (bigint, int) as
/* users/get_user 2 */
select p.id, p.title, p.content
from blog.post p
where p.author_id = $1
order by p.id
limit $2;

-- returns: post_id bigint, name text, id bigint, tag_epoch bigint
prepare "users/get_user 3" (bigint, int, boolean) as
/* users/get_user 3 */
select pt.post_id, t.name, t.id, (select e.epoch from blog.tag_epoch e) as tag_epoch
from (select id from blog.post where author_id = $1 order by id limit $2) p
join blog.post_tag pt on pt.post_id = p.id
cross join lateral (select t.name, t.id from blog.tag t where t.id = pt.tag_id offset 0) t
where $3
order by pt.post_id, t.id;

-- returns: posts bigint
prepare "users/get_user 4" (bigint, int) as
/* users/get_user 4 */
select count(*) as posts
from blog.post
where author_id = $1
having count(*) > $2;

-- returns: version bigint, tag_epoch bigint
prepare "users/get_user_revision 1" (bigint) as
/* users/get_user_revision 1 */
select u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from blog.users u
where u.id = $1;

-- returns: id bigint, name text, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint, profile_id bigint, bio text, post_id bigint, title text, content text, tag_ids bigint[], tag_names text[]
prepare "users/list_users 1" (boolean, bigint, int, int, boolean) as
/* users/list_users 1 */
select
  page.id, u.name, u.created_at, u.updated_at,
  case when $1 then (select count(*) from blog.post c where c.author_id = page.id) end as post_count,
  pr.id as profile_id, pr.bio,
  newest.id as post_id, newest.title, newest.content, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select u.id
    from blog.users u
    where u.id > $2
    order by u.id
    limit 101
  ) capped
  limit $3
) page
cross join lateral (select u.name, u.created_at, u.updated_at from blog.users u where u.id = page.id offset 0) u
left join lateral (select pr.id, pr.bio from blog.profile pr where pr.user_id = page.id offset 0) pr on true
left join lateral (
  select capped.id, capped.title, capped.content
  from (
    select p.id, p.title, p.content
    from blog.post p
    where (p.author_id, p.id) < (page.id, 9223372036854775807)
      and (p.author_id, p.id) > (page.id, 0)
    order by p.author_id desc, p.id desc
    limit 50
  ) capped
  limit $4
) newest on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = newest.id and $5
) tags on true
order by page.id, newest.id;

-- returns: id bigint, name text, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint, profile_id bigint, bio text, post_id bigint, title text, content text, tag_ids bigint[], tag_names text[]
prepare "users/list_users_by_name 1" (boolean, text, bigint, int, int, boolean) as
/* users/list_users_by_name 1 */
select
  page.id, u.name, u.created_at, u.updated_at,
  case when $1 then (select count(*) from blog.post c where c.author_id = page.id) end as post_count,
  pr.id as profile_id, pr.bio,
  newest.id as post_id, newest.title, newest.content, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select u.id
    from blog.users u
    where (u.name, u.id) > ($2, $3) and (u.name, u.id) < ($2, 9223372036854775807)
    order by u.name, u.id
    limit 101
  ) capped
  limit $4
) page
cross join lateral (select u.name, u.created_at, u.updated_at from blog.users u where u.id = page.id offset 0) u
left join lateral (select pr.id, pr.bio from blog.profile pr where pr.user_id = page.id offset 0) pr on true
left join lateral (
  select capped.id, capped.title, capped.content
  from (
    select p.id, p.title, p.content
    from blog.post p
    where (p.author_id, p.id) < (page.id, 9223372036854775807)
      and (p.author_id, p.id) > (page.id, 0)
    order by p.author_id desc, p.id desc
    limit 50
  ) capped
  limit $5
) newest on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = newest.id and $6
) tags on true
order by page.id, newest.id;

-- returns: id bigint, name text, created_at timestamp with time zone, updated_at timestamp with time zone, post_count bigint, profile_id bigint, bio text, post_id bigint, title text, content text, tag_ids bigint[], tag_names text[]
prepare "users/list_users_by_name_prefix 1" (text, bigint, boolean, int, int, boolean) as
/* users/list_users_by_name_prefix 1 */
with range as materialized (
  select count(*) > 1000 as is_wide
  from (
    select
    from blog.users u
    where u.name between $1::text and $1::text || repeat(chr(1114111), 50)
    order by u.name, u.id
    limit 1001
  ) counted
), walked as materialized (
  select next.id
  from (
    select u.id, u.name
    from blog.users u
    where (select r.is_wide from range r) and u.id > $2
    order by u.id
    limit 10000
  ) next
  where next.name between $1::text and $1::text || repeat(chr(1114111), 50)
  order by next.id
  limit 101
), way as materialized (
  select
    r.is_wide
    and (
      (select count(*) from walked) = 101
      or not exists (select from blog.users u where u.id > $2 order by u.id offset 9999 limit 1)
    ) as is_walked
  from range r
)
select
  page.id, u.name, u.created_at, u.updated_at,
  case when $3 then (select count(*) from blog.post c where c.author_id = page.id) end as post_count,
  pr.id as profile_id, pr.bio,
  newest.id as post_id, newest.title, newest.content, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    (
      select w.id
      from walked w
      where (select way.is_walked from way)
    )
    union all
    (
      select named.id
      from (
        select u.id
        from blog.users u
        where not (select way.is_walked from way)
          and u.name between $1::text and $1::text || repeat(chr(1114111), 50)
          and u.id > $2
        order by u.name, u.id
        offset 0
      ) named
      order by named.id
      limit 101
    )
    order by id
    limit 101
  ) capped
  limit $4
) page
cross join lateral (select u.name, u.created_at, u.updated_at from blog.users u where u.id = page.id offset 0) u
left join lateral (select pr.id, pr.bio from blog.profile pr where pr.user_id = page.id offset 0) pr on true
left join lateral (
  select capped.id, capped.title, capped.content
  from (
    select p.id, p.title, p.content
    from blog.post p
    where (p.author_id, p.id) < (page.id, 9223372036854775807)
      and (p.author_id, p.id) > (page.id, 0)
    order by p.author_id desc, p.id desc
    limit 50
  ) capped
  limit $5
) newest on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = newest.id and $6
) tags on true
order by page.id, newest.id;

-- returns: version bigint, tag_epoch bigint
prepare "users/patch_user 1" (text, bigint, bigint[], text, boolean) as
/* users/patch_user 1 */
with changed as (
  update blog.users u
  set name = coalesce($1::text, u.name), version = u.version + 1, updated_at = now()
  where u.id = $2 and ($3::bigint[] is null or u.version = any($3::bigint[]))
  returning u.id, u.version
), written as (
  insert into blog.profile (user_id, bio)
  select changed.id, $4::text
  from changed
  where $5::boolean and $4::text is not null
  on conflict (user_id) do update set bio = excluded.bio, updated_at = now()
), removed as (
  delete from blog.profile p
  using changed
  where p.user_id = changed.id and $5::boolean and $4::text is null
)
select changed.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from changed;

-- returns: version bigint, tag_epoch bigint, created boolean, profile_id bigint, bio text
prepare "users/put_profile 1" (bigint, bigint[], text) as
/* users/put_profile 1 */
with changed as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = $1 and ($2::bigint[] is null or u.version = any($2::bigint[]))
  returning u.id, u.version
), written as (
  insert into blog.profile as p (user_id, bio)
  select changed.id, $3::text
  from changed
  on conflict (user_id) do update set bio = excluded.bio, updated_at = now()
  returning p.id, p.bio, p.xmax = 0 as created
)
select
  changed.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, written.created,
  written.id as profile_id, written.bio
from changed
cross join written;

-- returns: version bigint, tag_epoch bigint
prepare "users/replace_user 1" (text, bigint, bigint[]) as
/* users/replace_user 1 */
update blog.users u
set name = $1, version = u.version + 1, updated_at = now()
where u.id = $2 and ($3::bigint[] is null or u.version = any($3::bigint[]))
returning u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch;

-- draws:   users_id_seq, post_id_seq
-- returns: kind integer, id bigint
prepare "users/reserve_ids 1" (int, int) as
/* users/reserve_ids 1 */
select 1 as kind, nextval('blog.users_id_seq') as id
from generate_series(1, $1)
union all
select 2, nextval('blog.post_id_seq')
from generate_series(1, $2)
order by kind, id;
