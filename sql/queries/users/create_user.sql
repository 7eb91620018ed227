-- users/create_user: a user, the profile if there is a bio, the posts in their order, the tags that are missing, and the links, all or nothing.  POST /users
-- in:      name text, bio text or null, titles text[], contents text[] (one per title), tagNames text[] (each once),
--          linkPosts int[] (1 is the first title), linkNames text[] (one per linkPosts, of tagNames)
-- out:     1 nothing | 2 user 1 | 3 profile 0..1 | 4 posts, in the order of titles | 5 tags that are linked, each once, by name, with the epoch of their names
-- budget:  statements 5, rows 2 + titles + tagNames
-- plan:    no seq scan; both modes
-- uses:    tag_name_key; users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey
-- why:     one round trip, whatever its size. Statement 1 creates tags as tags/find_or_create_tags does, names sorted, and statement 5
--          has a snapshot of its own, which shows those that others have created meanwhile (decision 0002). It locks them against
--          rename and delete. A tag that was renamed or deleted between the two is null there, which no link may be: nothing is stored then.
-- note:    currval is this session's own last value, so statements 3 to 5 mean the user of statement 2. It is volatile, which no
--          index can be searched by; as a scalar subquery it is asked once. With Idempotency-Key the file is sent without begin and
--          commit, in the transaction of the key.
begin;

/* users/create_user 1 */
insert into blog.tag (name)
select wanted.name collate "C" as name
from unnest(:tagNames::text[]) as wanted (name)
where not exists (select from blog.tag t where t.name = wanted.name)
order by name
on conflict (name) do nothing;

/* users/create_user 2 */
insert into blog.users (name)
values (:name)
returning id, version, (select e.epoch from blog.tag_epoch e) as tag_epoch;

/* users/create_user 3 */
insert into blog.profile (user_id, bio)
select currval('blog.users_id_seq'), :bio::text
where :bio::text is not null
returning id;

/* users/create_user 4 */
insert into blog.post (author_id, title, content)
select currval('blog.users_id_seq'), created.title, created.content
from unnest(:titles::text[], :contents::text[]) with ordinality as created (title, content, ordinal)
order by created.ordinal
returning id;

/* users/create_user 5 */
with found as materialized (
  select t.id, t.name
  from blog.tag t
  where t.name = any(:tagNames::text[])
  order by t.name
  for key share
), linked as (
  insert into blog.post_tag (post_id, tag_id)
  select post.id, found.id
  from (
    select id, row_number() over (order by id) as ordinal
    from blog.post
    where author_id = (select currval('blog.users_id_seq'))
  ) post
  join unnest(:linkPosts::int[], :linkNames::text[]) as link (ordinal, name) on link.ordinal = post.ordinal
  left join found on found.name = link.name
  order by post.id, found.id
)
select found.name, found.id, (select e.epoch from blog.tag_epoch e) as tag_epoch
from found
order by found.name;

commit;
