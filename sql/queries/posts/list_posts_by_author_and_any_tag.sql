-- posts/list_posts_by_author_and_any_tag: a page of the posts of one user that carry any of these tags, newest first.  GET /posts?author_id&tag_any and GET /users/{id}/posts?tag_any
-- in:      authorId bigint, tagNames text[] (1 to 5, each once), before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with the ids of their tags, the tag epoch and, withAuthor, the author's name 0..limit, newest first
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_author_id_id_idx, post_tag_tag_id_post_id_idx; post_pkey, users_pkey, post_tag_pkey
-- why:     whichever is rarer leads, the user's posts or the commonest tag; the other branch is not run. Each is counted up to 1,000; of
--          two that have as many, that one is rarer whose newest thousand reach further back.
-- note:    pairs are compared, (author_id, id), where two conditions would say the same: of those the planner believes that they leave as
--          few rows as the average has, and sorts them all; of a range of pairs it believes it is long, and reads the index in order.
--          Each offset 0 lets the planner look a post up by its id, and nothing else: of a small table it would read all, and of a post
--          with few tags it would look up each tag that is wanted.
/* posts/list_posts_by_author_and_any_tag 1 */
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
  select (a.posts, a.reach) <= (w.links, w.reach) as by_author
  from wanted w
  cross join author a
  order by w.links desc, w.reach desc
  limit 1
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = page.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from (
  select capped.id
  from (
    (
      select p.id
      from blog.post p
      where (select c.by_author from chosen c)
        and (p.author_id, p.id) < (:authorId, :before)
        and (p.author_id, p.id) > (:authorId, 0)
        and exists (
          select
          from (select pt.tag_id from blog.post_tag pt where pt.post_id = p.id offset 0) other
          where other.tag_id = any(array(select w.id from wanted w))
          offset 0
        )
      order by p.author_id desc, p.id desc
      limit 101
    )
    union all
    (
      select distinct found.post_id
      from wanted w
      cross join lateral (
        select pt.post_id
        from blog.post_tag pt
        where not (select c.by_author from chosen c)
          and (pt.tag_id, pt.post_id) < (w.id, :before)
          and (pt.tag_id, pt.post_id) > (w.id, 0)
          and (select p.author_id from blog.post p where p.id = pt.post_id) = :authorId
        order by pt.tag_id desc, pt.post_id desc
        limit 101
      ) found
    )
    order by id desc
    limit 101
  ) capped
  limit :limit
) page
cross join lateral (
  select p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id = page.id
  offset 0
) p
left join lateral (select u.name from blog.users u where u.id = p.author_id and :withAuthor offset 0) author on true
order by page.id desc;
