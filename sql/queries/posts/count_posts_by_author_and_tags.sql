-- posts/count_posts_by_author_and_tags: how many posts the page of posts/list_posts_by_author_and_tags is of, up to 10,001.  GET /posts?author_id&tag with Prefer: count
-- in:      authorId bigint, tagNames text[] (1 to 5, each once)
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_author_id_id_idx, post_tag_tag_id_post_id_idx, post_tag_pkey, post_pkey
/* posts/count_posts_by_author_and_tags 1 */
with wanted as materialized (
  select t.id, newest.links, newest.reach
  from blog.tag t
  cross join lateral (
    select count(*) as links, min(link.post_id) as reach
    from (select pt.post_id from blog.post_tag pt where pt.tag_id = t.id order by pt.post_id desc limit 1000) link
  ) newest
  where t.name = any(:tagNames::text[])
), author as materialized (
  select count(*) as posts, min(post.id) as reach
  from (select p.id from blog.post p where p.author_id = :authorId order by p.id desc limit 1000) post
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
select count(*) as total
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
    order by p.id desc
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
    order by pt.post_id desc
    limit 10001
  )
  order by id desc
  limit 10001
) counted;
