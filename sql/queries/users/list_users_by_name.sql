-- users/list_users_by_name: a page of the users of this name with what is below them, by id.  GET /users?name
-- in:      name text, after bigint (-9223372036854775808 for the first page), limit int (at most 101), postLimit int (at most 50), withTags boolean, withPostCount boolean
-- out:     1 users with profile, each with its newest posts, the ids of their tags and the tag epoch: a row a post, or one where there is none, by user and post
-- budget:  statements 1, rows limit + limit * postLimit
-- plan:    no seq scan; both modes
-- uses:    users_name_id_idx; users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey
-- note:    pairs are compared, (author_id, id), where two conditions would say the same: of those the planner believes that they leave as
--          few rows as the average has, and sorts them all; of a range of pairs it believes it is long, and reads the index in order.
--          Each offset 0 behind the page lets the planner look a user up by its id, and nothing else: for a long page it would read all.
/* users/list_users_by_name 1 */
select
  page.id, u.name, u.created_at, u.updated_at,
  case when :withPostCount then (select count(*) from blog.post c where c.author_id = page.id) end as post_count,
  pr.id as profile_id, pr.bio,
  newest.id as post_id, newest.title, newest.content,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = newest.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from (
  select capped.id
  from (
    select u.id
    from blog.users u
    where (u.name, u.id) > (:name, :after) and (u.name, u.id) < (:name, 9223372036854775807)
    order by u.name, u.id
    limit 101
  ) capped
  limit :limit
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
  limit :postLimit
) newest on true
order by page.id, newest.id;
