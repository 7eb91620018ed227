-- posts/list_posts: a page of all posts, newest first.  GET /posts
-- in:      before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with the ids of their tags, the tag epoch and, withAuthor, the author's name 0..limit, newest first
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey, post_tag_pkey
-- why:     101 is one more than the largest page: the planner knows that there are few, which :limit alone does not tell it.
-- note:    the offset 0 lets the planner look a post up by its id, and nothing else: of a small table it would read all.
/* posts/list_posts 1 */
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = page.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from (
  select capped.id
  from (
    select p.id
    from blog.post p
    where p.id < :before
    order by p.id desc
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
