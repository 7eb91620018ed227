-- users/create_user: a user, or several who come at the same time, each with the profile, the posts in their order, the tags that are missing, and the links, all or nothing.  POST /users
-- in:      names text[], bios text[] (one per names; null where there is no profile),
--          authors int[] (1 is the first of names), titles text[], contents text[] (one per authors), tagNames text[] (each once),
--          linkPosts int[] (1 is the first of titles), linkNames text[] (one per linkPosts, of tagNames)
-- out:     1 nothing | 2 what was stored, with its version where it has one: users (kind 1), profiles (2) and posts (3), each in the order in which they were
--          given, and the tags that are linked (4), each once, with the epoch of their names
-- budget:  statements 2, rows 2 * names + titles + tagNames
-- plan:    no seq scan; both modes
-- uses:    tag_name_key; users_pkey, profile_user_id_key, post_pkey, post_tag_pkey
-- why:     one round trip and one commit, whatever its size and however many they are (decision 0019). Statement 1 creates tags as
--          tags/find_or_create_tags does, names sorted, and statement 2 has a snapshot of its own, which shows those that others have created
--          meanwhile (decision 0002). It locks them against rename and delete. A tag that was renamed or deleted between the two is null
--          there, which no link may be: nothing is stored then.
-- note:    what is inserted in an order takes its identities in that order, so the n-th by id is the n-th that was given. With Idempotency-Key
--          the file is sent without begin and commit, in the transaction of the key.
begin;

/* users/create_user 1 */
insert into blog.tag (name)
select wanted.name collate "C" as name
from unnest(:tagNames::text[]) as wanted (name)
where not exists (select from blog.tag t where t.name = wanted.name)
order by name
on conflict (name) do nothing;

/* users/create_user 2 */
with new_user as (
  insert into blog.users (name)
  select given.name
  from unnest(:names::text[]) with ordinality as given (name, ordinal)
  order by given.ordinal
  returning id, version
), author as materialized (
  select id, row_number() over (order by id) as ordinal
  from new_user
), new_profile as (
  insert into blog.profile (user_id, bio)
  select author.id, given.bio
  from unnest(:bios::text[]) with ordinality as given (bio, ordinal)
  join author on author.ordinal = given.ordinal
  where given.bio is not null
  order by author.id
  returning id
), new_post as (
  insert into blog.post (author_id, title, content)
  select author.id, given.title, given.content
  from unnest(:authors::int[], :titles::text[], :contents::text[]) with ordinality as given (author, title, content, ordinal)
  join author on author.ordinal = given.author
  order by given.ordinal
  returning id
), post as materialized (
  select id, row_number() over (order by id) as ordinal
  from new_post
), found as materialized (
  select t.id, t.name
  from blog.tag t
  where t.name = any(:tagNames::text[])
  order by t.name
  for key share
), linked as (
  insert into blog.post_tag (post_id, tag_id)
  select post.id, found.id
  from unnest(:linkPosts::int[], :linkNames::text[]) as link (ordinal, name)
  join post on post.ordinal = link.ordinal
  left join found on found.name = link.name
  order by post.id, found.id
)
select stored.kind, stored.id, stored.version, stored.name, (select e.epoch from blog.tag_epoch e) as tag_epoch
from (
  select 1 as kind, id, version, null::text as name from new_user
  union all
  select 2, id, null, null from new_profile
  union all
  select 3, id, null, null from new_post
  union all
  select 4, id, null, name from found
) stored
order by stored.kind, stored.id;

commit;
