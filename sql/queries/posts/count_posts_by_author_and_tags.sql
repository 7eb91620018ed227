-- posts/count_posts_by_author_and_tags: how many posts the page of posts/list_posts_by_author_and_tags is of, up to 10,000.  GET /posts?author_id&tag and GET /users/{id}/posts?tag with Prefer: count
-- in:      authorId bigint, tagNames text[] (1 to 5, each once)
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_author_id_id_idx, post_tag_tag_id_post_id_idx, post_tag_pkey, post_pkey
-- note:    pairs are compared, (author_id, id), where two conditions would say the same: of those the planner believes that they leave as
--          few rows as the average has, and sorts them all; of a range of pairs it believes it is long, and reads the index in order.
/* posts/count_posts_by_author_and_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (
      select pt.post_id
      from blog.post_tag pt
      where (pt.tag_id, pt.post_id) < (t.id, 9223372036854775807)
        and (pt.tag_id, pt.post_id) > (t.id, 0)
      order by pt.tag_id desc, pt.post_id desc
      limit 1000
    ) link
  ) newest
  where t.name = any(:tagNames::text[])
), author as materialized (
  select count(*) as posts, min(post.id) as reach
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < (:authorId, 9223372036854775807)
      and (p.author_id, p.id) > (:authorId, 0)
    order by p.author_id desc, p.id desc
    limit 1000
  ) post
), chosen as materialized (
  select
    w.id as tag_id,
    (a.posts, a.reach) <= (w.links, w.reach) as by_author
  from wanted w
  cross join author a
  where (select count(*) from wanted) = cardinality(:tagNames::text[])
  order by w.links, w.reach
  limit 1
)
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  (
    select p.id
    from blog.post p
    where (select c.by_author from chosen c)
      and p.author_id = :authorId
      and not exists (
        select
        from wanted w
        where not exists (
          select from blog.post_tag other where other.post_id = p.id and other.tag_id = w.id offset 0
        )
        offset 0
      )
    limit 10001
  )
  union all
  (
    select pt.post_id
    from blog.post_tag pt
    where not (select c.by_author from chosen c)
      and pt.tag_id = (select c.tag_id from chosen c)
      and (select p.author_id from blog.post p where p.id = pt.post_id) = :authorId
      and not exists (
        select
        from wanted w
        where w.id <> pt.tag_id and not exists (
          select from blog.post_tag other where other.post_id = pt.post_id and other.tag_id = w.id offset 0
        )
        offset 0
      )
    limit 10001
  )
  limit 10001
) counted;
