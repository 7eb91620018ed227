-- posts/list_posts: a page of all posts, newest first.  GET /posts
-- in:      before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with the ids of their tags, the tag epoch and, withAuthor, the author's name 0..limit, newest first
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey, post_tag_pkey
-- why:     101 is one more than the largest page: the planner knows that there are few, which :limit alone does not tell it.
/* posts/list_posts 1 */
select
  page.id, page.title, page.content, page.author_id, page.created_at, page.updated_at,
  (select u.name from blog.users u where u.id = page.author_id and :withAuthor) as author,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = page.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from (
  select p.id, p.title, p.content, p.author_id, p.created_at, p.updated_at
  from blog.post p
  where p.id < :before
  order by p.id desc
  limit 101
) page
order by page.id desc
limit :limit;
