-- posts/list_posts_by_author: a page of the posts of one user, newest first.  GET /posts?author_id and GET /users/{id}/posts
-- in:      authorId bigint, before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with the ids of their tags, the tag epoch and, withAuthor, the author's name 0..limit, newest first
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    post_author_id_id_idx; post_pkey, users_pkey, post_tag_pkey
-- why:     101 is one more than the largest page: the planner knows that there are few, which :limit alone does not tell it.
-- note:    pairs are compared, (author_id, id), where two conditions would say the same: of those the planner believes that they leave as
--          few rows as the average has, and sorts them all; of a range of pairs it believes it is long, and reads the index in order.
--          Each offset 0 lets the planner look a post up by its id, and nothing else: of a small table it would read all.
/* posts/list_posts_by_author 1 */
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = page.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from (
  select capped.id
  from (
    select p.id
    from blog.post p
    where (p.author_id, p.id) < (:authorId, :before)
      and (p.author_id, p.id) > (:authorId, 0)
    order by p.author_id desc, p.id desc
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
