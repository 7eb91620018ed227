-- users/list_users_by_name_prefix: a page of the users whose name begins with this text with what is below them, by id.  GET /users?name_prefix
-- in:      prefix text, after bigint (-9223372036854775808 for the first page), limit int (at most 101), postLimit int (at most 50), withTags boolean, withPostCount boolean
-- out:     1 users with profile, each with its newest posts, the ids of their tags and the tag epoch: a row a post, or one where there is none, by user and post
-- budget:  statements 1, rows limit + limit * postLimit
-- plan:    no seq scan; both modes
-- uses:    users_name_id_idx; users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey
-- why:     U+10FFFF is the last character there is, and a name has 50 at most: the range holds exactly the names that begin so.
--          The index has them by name, and the page is by id. Up to 1,000 are sorted, from the index alone. More are so many that
--          they are among the next ids: 10,000 of those are walked, and mostly far fewer. Only where more than 1,000 begin so and 101
--          of them are not among the next 10,000 users is the whole range sorted, 0.3 ms for 1,000 of them.
--          An offset 0 keeps the order out of the query inside, which would be walked by id where few or none begin so.
-- note:    pairs are compared, (author_id, id), where two conditions would say the same: of those the planner believes that they leave as
--          few rows as the average has, and sorts them all; of a range of pairs it believes it is long, and reads the index in order.
--          Each offset 0 behind the page lets the planner look a user up by its id, and nothing else: for a long page it would read all.
/* users/list_users_by_name_prefix 1 */
with range as materialized (
  select count(*) > 1000 as is_wide
  from (
    select
    from blog.users u
    where u.name between :prefix::text and :prefix::text || repeat(chr(1114111), 50)
    order by u.name, u.id
    limit 1001
  ) counted
), walked as materialized (
  select next.id
  from (
    select u.id, u.name
    from blog.users u
    where (select r.is_wide from range r) and u.id > :after
    order by u.id
    limit 10000
  ) next
  where next.name between :prefix::text and :prefix::text || repeat(chr(1114111), 50)
  order by next.id
  limit 101
), way as materialized (
  select
    r.is_wide
    and (
      (select count(*) from walked) = 101
      or not exists (select from blog.users u where u.id > :after order by u.id offset 9999 limit 1)
    ) as is_walked
  from range r
)
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
          and u.name between :prefix::text and :prefix::text || repeat(chr(1114111), 50)
          and u.id > :after
        order by u.name, u.id
        offset 0
      ) named
      order by named.id
      limit 101
    )
    order by id
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
