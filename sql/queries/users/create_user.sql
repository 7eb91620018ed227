-- users/create_user: a user, the profile if there is a bio, the posts in their order, and the links to tags already found.  POST /users
-- in:      name text, bio text or null, titles text[], contents text[] (one per title), linkPosts int[] (1 is the first title), linkTags bigint[] (one per linkPosts)
-- out:     1 user 1 | 2 profile 0..1 | 3 posts, in the order of titles | 4 nothing
-- budget:  statements 4, rows 2 + titles
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey
-- needs:   a transaction. currval is this session's own last value, so statements 2 to 4 mean the user of statement 1.
-- note:    currval is volatile, which no index can be searched by; as a scalar subquery it is asked once.
/* users/create_user 1 */
insert into blog.users (name)
values (:name)
returning id, version, (select e.epoch from blog.tag_epoch e) as tag_epoch;

/* users/create_user 2 */
insert into blog.profile (user_id, bio)
select currval('blog.users_id_seq'), :bio::text
where :bio::text is not null
returning id;

/* users/create_user 3 */
insert into blog.post (author_id, title, content)
select currval('blog.users_id_seq'), created.title, created.content
from unnest(:titles::text[], :contents::text[]) with ordinality as created (title, content, ordinal)
order by created.ordinal
returning id;

/* users/create_user 4 */
insert into blog.post_tag (post_id, tag_id)
select post.id, link.tag_id
from (
  select id, row_number() over (order by id) as ordinal
  from blog.post
  where author_id = (select currval('blog.users_id_seq'))
) post
join unnest(:linkPosts::int[], :linkTags::bigint[]) as link (ordinal, tag_id) on link.ordinal = post.ordinal
order by post.id, link.tag_id;
