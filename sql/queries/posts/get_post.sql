-- posts/get_post: one post with its tags and its author, all of one snapshot.  GET /posts/{id}
-- in:      postId bigint, withTags boolean, withAuthor boolean
-- out:     1 post and, withAuthor, its author's name and version 0..1 | 2 its tags 0..50, by id
-- budget:  statements 2, rows 1 + 50
-- plan:    no seq scan; both modes
-- uses:    post_pkey, post_tag_pkey, tag_pkey; users_pkey
begin isolation level repeatable read read only;

/* posts/get_post 1 */
select
  p.title, p.content, p.id, p.author_id, p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, p.created_at, p.updated_at,
  author.name as author, author.version as author_version
from blog.post p
left join lateral (select u.name, u.version from blog.users u where u.id = p.author_id and :withAuthor) author on true
where p.id = :postId;

/* posts/get_post 2 */
select t.name, t.id
from blog.post_tag pt
join blog.tag t on t.id = pt.tag_id
where pt.post_id = :postId and :withTags
order by t.id;

commit;
