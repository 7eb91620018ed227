-- posts/count_posts_by_tags: how many posts the page of posts/list_posts_by_tags is of, up to 10,001.  GET /posts?tag with Prefer: count
-- in:      tagNames text[] (1 to 5, each once)
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_tag_tag_id_post_id_idx, post_tag_pkey
/* posts/count_posts_by_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (select pt.post_id from blog.post_tag pt where pt.tag_id = t.id order by pt.post_id desc limit 1000) link
  ) newest
  where t.name = any(:tagNames::text[])
), rarest as materialized (
  select w.id
  from wanted w
  where (select count(*) from wanted) = cardinality(:tagNames::text[])
  order by w.links, w.reach
  limit 1
)
select count(*) as total
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
  order by pt.post_id desc
  limit 10001
) counted;
