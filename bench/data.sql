-- bench/data: the rows that the benchmark reads and writes.  bench/Blog.Bench
-- in:      posts int: 10000 or more
-- run:     as a superuser, in a migrated database without rows: psql -v posts=1000000 -f bench/data.sql
-- users:   posts / 10, "user 1" and so on. Each wrote ten posts; nine of ten have a profile.
-- posts:   the writers take turns, so the posts of one lie apart by as many as there are users; one a minute since 2020. A content
--          has four of 16 sentences and three words w0 to w996, which a thousandth each has: 360 to 390 characters.
-- tags:    2,000, "tag1" and so on: tag1 on 21 % of the posts, tag2 on 13 %, tag3 on 4 %, the others on fewer and fewer, down to some
--          hundred of 1,000,000 posts. A post has two to four and three on average, the ten posts of a user have 30.
-- note:    the keys between the tables are not checked while filling (session_replication_role): they are right by how the rows are made.
\set ON_ERROR_STOP on

-- settings of the session
set session_replication_role = replica;
-- Rows of a commit that is not flushed do not count as visible to all, and every index would have to look at them.
set synchronous_commit = on;
set maintenance_work_mem = '512MB';
set client_min_messages = warning;
set blog.posts = :posts;

-- refusals
do $$
begin
  if current_setting('blog.posts')::bigint < 10000 then
    raise 'posts is % and has to be at least 10000.', current_setting('blog.posts');
  end if;
  if exists (select from blog.users) or exists (select from blog.tag) then
    raise 'The database % has rows; this fills an empty one.', current_database();
  end if;
end
$$;

-- what a row at a time would make slow is built at the end
create temp table built_last as
select indexname, indexdef
from pg_indexes
where schemaname = 'blog'
  and indexname in ('users_name_id_idx', 'post_author_id_id_idx', 'post_words_idx', 'post_tag_tag_id_post_id_idx');

do $$
declare
  name text;
begin
  for name in select indexname from built_last loop
    execute format('drop index blog.%I', name);
  end loop;
  -- What is not whole yet need not be vacuumed.
  foreach name in array array['users', 'profile', 'post', 'tag', 'post_tag'] loop
    execute format('alter table blog.%I set (autovacuum_enabled = off)', name);
  end loop;
end
$$;

-- users
insert into blog.users (name)
select 'user ' || n
from generate_series(1, :posts / 10) n;

-- profiles
insert into blog.profile (user_id, bio)
select n, 'Writes of small things that last, mostly by hand, and of whatever else comes by number ' || n || '.'
from generate_series(1, :posts / 10) n
where n % 10 <> 0;

-- posts
insert into blog.post (author_id, title, content, created_at, updated_at)
select
  1 + n % (:posts / 10),
  'On the subject of ' || n % 1000,
  sentences[1 + n % 16] || sentences[1 + (n / 16 + 5) % 16] || sentences[1 + n * 7 % 11] || sentences[12 + n * 3 % 5]
    || 'See w' || n % 997 || ', w' || n % 991 || ' and w' || n % 983 || '.',
  timestamptz '2020-01-01 00:00Z' + n * interval '1 minute',
  timestamptz '2020-01-01 00:00Z' + n * interval '1 minute'
from
  generate_series(1, :posts::bigint) n,
  (
    select array[
      'It begins on a rainy morning with a pot of tea and a list that nobody meant to write. ',
      'Most of what we know about the old harbour comes from two letters and a broken clock. ',
      'The first attempt failed quietly, the second with a noise that the whole street heard. ',
      'A good tool is one you stop seeing after a week, and miss at once when it is not there. ',
      'There were three ways to do it, and the shortest turned out to be the least expected. ',
      'Ask ten people for the way and you will walk through every lane of the town before noon. ',
      'What looks like a detail in spring is the reason for half of the work in late autumn. ',
      'Nothing in the plan was wrong, except that it took the river to be where it used to be. ',
      'She measured it again with a longer rope, wrote the number down and said nothing more. ',
      'The recipe asks for patience, a heavy pan, and more butter than seems right at first. ',
      'If it has to be carried up the stairs, weigh it before you buy it and not afterwards. ',
      'We kept the parts that still moved, oiled them, and gave the rest to the museum next door. ',
      'By the time the lamps were lit, the argument had become a song with a dozen verses. ',
      'An honest map leaves some places empty, so that one knows where nobody has been yet. ',
      'The neighbours remember it differently, which is why both of the stories are told here. ',
      'So ends the season: a full shed, an empty purse, and plenty of time for the next idea. '
    ] as sentences
  ) text;

-- tags
insert into blog.tag (name)
select 'tag' || n
from generate_series(1, 2000) n;

-- links of posts and tags: the first of a post is one of tag1, tag5, tag9 and so on, the second one of tag2, tag6 and so on; each takes a
-- number from 0 to 1 that is spread evenly over the posts, and its power prefers the first tags
insert into blog.post_tag (post_id, tag_id)
select n, 1 + link.slot + 4 * floor(500 * link.power)::int
from generate_series(1, :posts::bigint) n
cross join lateral (
  select
    -- four even spreads
    (n * 2654435761 & 4294967295) / 4294967296.0::float8 as a, (n * 2246822519 & 4294967295) / 4294967296.0::float8 as b,
    (n * 3266489917 & 4294967295) / 4294967296.0::float8 as c, (n * 668265263 & 4294967295) / 4294967296.0::float8 as d,
    n / (:posts / 10) % 10 as nth
) spread
cross join lateral (
  values (0, a * a * a * a), (1, b * b * b), (2, c * c), (3, d * d)
) link (slot, power)
-- Of the ten posts of a user two have two, two have four.
where link.slot < case when nth in (0, 6) then 2 when nth in (2, 7) then 4 else 3 end;

-- the indexes
do $$
declare
  definition text;
begin
  for definition in select indexdef from built_last loop
    execute definition;
  end loop;
end
$$;

-- statistics
do $$
declare
  name text;
begin
  foreach name in array array['users', 'profile', 'post', 'tag', 'post_tag'] loop
    execute format('alter table blog.%I reset (autovacuum_enabled)', name);
  end loop;
end
$$;

vacuum (analyze);

checkpoint;
