-- users/create_users: users with their profiles, posts and links to tags already found, as many as there are.  POST /import/users, blog import users
-- in:      userIds bigint[], names text[], bios text[] (one per userIds; null where there is no profile),
--          postIds bigint[], authorIds bigint[], titles text[], contents text[] (one per postIds),
--          linkPosts bigint[], linkTags bigint[] (one per linkPosts)
-- out:     nothing; the affected count is of all rows together
-- budget:  statements 4, rows 0
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key, post_pkey, post_tag_pkey
-- needs:   a transaction, in which users/reserve_ids gave the identities.
/* users/create_users 1 */
insert into blog.users (id, name)
overriding system value
select created.id, created.name
from unnest(:userIds::bigint[], :names::text[]) as created (id, name)
order by created.id;

/* users/create_users 2 */
insert into blog.profile (user_id, bio)
select created.id, created.bio
from unnest(:userIds::bigint[], :bios::text[]) as created (id, bio)
where created.bio is not null
order by created.id;

/* users/create_users 3 */
insert into blog.post (id, author_id, title, content)
overriding system value
select created.id, created.author_id, created.title, created.content
from unnest(:postIds::bigint[], :authorIds::bigint[], :titles::text[], :contents::text[])
  as created (id, author_id, title, content)
order by created.id;

/* users/create_users 4 */
insert into blog.post_tag (post_id, tag_id)
select link.post_id, link.tag_id
from unnest(:linkPosts::bigint[], :linkTags::bigint[]) as link (post_id, tag_id)
order by link.post_id, link.tag_id;
