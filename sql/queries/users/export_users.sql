-- users/export_users: every user above an id with profile, posts and the names of their tags, a row a post, as one stream of one snapshot.  GET /export/users, blog export users
-- in:      afterId bigint
-- out:     1 rows by user and post 0..all; post_id is null in the one row of a user without posts; tag_names is a JSON array, by name
-- budget:  statements 1, rows 1000000000000
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey, tag_pkey
-- why:     profile and posts come from a subquery a user, in the order of its index, so that the first row needs no sort of all. A reader may be slow,
--          and the statement lasts as long as the reader: an hour at most.
begin isolation level repeatable read read only;

set local statement_timeout = '1h';

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
where u.id > :afterId
order by u.id, post.id;

commit;
