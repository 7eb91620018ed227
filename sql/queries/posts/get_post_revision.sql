-- posts/get_post_revision: how new a post is, with its tags.  GET /posts/{id} with If-None-Match; a DELETE whose If-Match failed
-- in:      postId bigint
-- out:     1 version and tag epoch 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_pkey
/* posts/get_post_revision 1 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from blog.post p
where p.id = :postId;
