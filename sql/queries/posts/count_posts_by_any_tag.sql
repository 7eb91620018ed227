-- posts/count_posts_by_any_tag: how many posts the page of posts/list_posts_by_any_tag is of, up to 10,000.  GET /posts?tag_any with Prefer: count
-- in:      tagNames text[] (1 to 5, each once)
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_tag_tag_id_post_id_idx
/* posts/count_posts_by_any_tag 1 */
with wanted as materialized (
  select t.id
  from blog.tag t
  where t.name = any(:tagNames::text[])
)
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select distinct found.post_id as id
  from wanted w
  cross join lateral (
    select pt.post_id
    from blog.post_tag pt
    where pt.tag_id = w.id
    limit 10001
  ) found
  limit 10001
) counted;
