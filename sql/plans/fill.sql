-- plans/fill: the rows and the settings that plan contracts are measured with.  blog sql contracts, the tests
-- in:      posts int: 1000 (small), 100000 (medium), 2000000 (large)
-- run:     as a superuser, in a migrated database without rows: psql -v ON_ERROR_STOP=1 -v posts=1000 -f sql/plans/fill.sql
-- users:   posts / 20, at least 500, "user 1" and so on, each fiftieth is called Ann. User 1 wrote a tenth of the posts, user 2 every fiftieth and
--          none with the tag common, user 3 nothing and has no profile, each other one about 18 (small: 2). Four of five have a profile.
-- posts:   the words: title and every in all, half in every second, tenth in every tenth, needle in three, 東京都の天気 in every 300th,
--          w0 to w996 in a thousandth each.
-- tags:    1 common on 21 % of the posts, 2 often on every seventh, 3 rare on three, 4 odd on 20 % and on none with common, 5 unused
--          on none; posts / 50 more, at least 500, from tag6 on, each on 125 posts (small: 5). A post has three on average, post 10 to post 13 at least two.
-- keys:    as many as users, \x00000001 and so on, of which the even ones are expired.
-- note:    the keys between the tables are not checked while filling (session_replication_role): they are right by how the rows are made.

-- settings of the session
set session_replication_role = replica;
-- Rows of a commit that is not flushed do not count as visible to all, and every index would have to look at them.
set synchronous_commit = on;
set maintenance_work_mem = '512MB';
-- psql puts no variable into a block.
set blog.posts = :posts;

-- the index over the words is built at the end: row by row it would take most of the time
create temp table built_last as
select indexdef from pg_indexes where schemaname = 'blog' and indexname = 'post_words_idx';

drop index blog.post_words_idx;

-- nothing is vacuumed or analysed but by the last statement here and at the start of a run
do $$
declare
  filled text;
begin
  for filled in select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'blog' loop
    execute format('alter table %s set (autovacuum_enabled = off)', filled);
  end loop;
end
$$;

-- users
insert into blog.users (name)
select case when n % 50 = 7 then 'Ann' else 'user ' || n end
from generate_series(1, greatest(500, :posts / 20)) n;

-- profiles
insert into blog.profile (user_id, bio)
select n, 'Writes of ' || n || '.'
from generate_series(1, greatest(500, :posts / 20)) n
where n % 5 <> 3;

-- posts
insert into blog.post (author_id, title, content)
select
  case
    when n % 10 = 0 then 1
    when n % 100 in (9, 11) then 2
    else 4 + n::bigint * 7919 % (greatest(500, :posts / 20) - 3)
  end,
  'Title ' || n % 1000,
  'every ' || case when n % 2 = 0 then 'half ' else '' end || case when n % 10 = 0 then 'tenth ' else '' end
    || case when n in (:posts / 4, :posts / 2, :posts * 3 / 4) then 'needle ' else '' end
    || case when n % 300 = 0 then '東京都の天気 ' else '' end
    || 'w' || n % 997 || ' w' || n % 991 || ' w' || n % 983 || ' w' || n % 977 || ' of a post like any other, long enough for a line'
from generate_series(1, :posts) n;

-- tags
insert into blog.tag (name)
values ('common'), ('often'), ('rare'), ('odd'), ('unused');

insert into blog.tag (name)
select 'tag' || n
from generate_series(6, 5 + greatest(500, :posts / 50)) n;

-- links of posts and tags
insert into blog.post_tag (post_id, tag_id)
select n, link.tag_id
from generate_series(1, :posts) n
cross join lateral (
  select 1 where n::bigint * 7 % 100 < 21
  union all
  select 2 where n % 7 = 0
  union all
  select 3 where n in (:posts / 4 + 3, :posts / 2 + 3, :posts * 3 / 4 + 3)
  union all
  select 4 where n::bigint * 7 % 100 between 50 and 69
  union all
  select 6 + n % greatest(500, :posts / 50)
  union all
  select 6 + (n::bigint * 31 + 17) % greatest(500, :posts / 50)
  union all
  select 6 + (n::bigint * 17 + 3) % greatest(500, :posts / 50) where n % 2 = 0
) link (tag_id);

-- idempotency keys
insert into blog.idempotency_key (scope, fingerprint, status, headers, body, expires_at)
select
  decode(lpad(to_hex(n), 8, '0'), 'hex'), '\x00', 200, '{"ETag":"x"}', '\x7b7d',
  case when n % 2 = 0 then timestamptz '2000-01-01 00:00Z' + n * interval '1 second' else timestamptz '2100-01-01 00:00Z' end
from generate_series(1, greatest(500, :posts / 20)) n;

-- the index over the words
do $$
begin
  execute (select indexdef from built_last);
end
$$;

-- pinned settings: nothing of the machine or of its postgresql.conf may choose a plan
do $$
declare
  pinned text;
begin
  foreach pinned in array array[
    'seq_page_cost = 1', 'random_page_cost = 1.1', 'cpu_tuple_cost = 0.01', 'cpu_index_tuple_cost = 0.005', 'cpu_operator_cost = 0.0025',
    'effective_cache_size = ''4GB''', 'work_mem = ''4MB''', 'hash_mem_multiplier = 2', 'jit = off',
    'max_parallel_workers_per_gather = 0', 'default_statistics_target = 100', 'constraint_exclusion = partition',
    'cursor_tuple_fraction = 0.1', 'from_collapse_limit = 8', 'join_collapse_limit = 8', 'geqo = on', 'statement_timeout = 0'
  ] loop
    execute format('alter database %I set %s', current_database(), pinned);
  end loop;
  -- Tables of a few pages are rightly read whole. Where they are so small it is asked whether they must be, or whether every look-up
  -- has an index; what the planner chooses is asked where the tables are large.
  if current_setting('blog.posts')::bigint <= 1000 then
    foreach pinned in array array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_material', 'enable_memoize'] loop
      execute format('alter database %I set %s = off', current_database(), pinned);
    end loop;
  end if;
end
$$;

-- statistics
vacuum (analyze);
