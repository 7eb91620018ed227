-- posts/get_post: one post with its tags, both of one snapshot.  GET /posts/{id}
-- in:      postId bigint
-- out:     1 post 0..1 | 2 its tags 0..50, by id
-- budget:  statements 2, rows 1 + 50
-- plan:    no seq scan; both modes
-- uses:    post_pkey, post_tag_pkey, tag_pkey
begin isolation level repeatable read read only;

/* posts/get_post 1 */
select p.title, p.content, p.id, p.author_id, p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from blog.post p
where p.id = :postId;

/* posts/get_post 2 */
select t.name, t.id
from blog.post_tag pt
join blog.tag t on t.id = pt.tag_id
where pt.post_id = :postId
order by t.id;

commit;
