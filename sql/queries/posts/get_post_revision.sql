-- posts/get_post_revision: how new a post is, with its tags, and its author.  GET /posts/{id} with If-None-Match, DELETE /posts/{id} whose If-Match failed
-- in:      postId bigint, withAuthor boolean
-- out:     1 version, tag epoch and, withAuthor, the version of the author 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey
/* posts/get_post_revision 1 */
select
  p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch,
  (select u.version from blog.users u where u.id = p.author_id and :withAuthor) as author_version
from blog.post p
where p.id = :postId;
