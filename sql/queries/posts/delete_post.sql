-- posts/delete_post: deletes a post; its links to tags go with it by cascade.  DELETE /posts/{id}
-- in:      postId bigint, versions bigint[] or null (null: whatever the version is)
-- out:     1 the author 0..1; nothing where the post does not exist or has another version
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey; the cascade uses post_tag_pkey
-- why:     the row of the author is taken first (decision 0006). It is locked by itself and written only for a post that
--          was deleted: whoever waited for the lock sees the post as it was before, but the delete finds it as it is.
-- note:    an author who gave the post away meanwhile is not there any more; the post is, and it is deleted all the same.
/* posts/delete_post 1 */
with author as (
  select u.id
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = :postId
  for no key update of u
), removed as (
  delete from blog.post p
  where p.id = :postId
    and (:versions::bigint[] is null or p.version = any(:versions::bigint[]))
    and (select count(*) from author) <= 1
  returning p.author_id
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from removed
  where u.id = removed.author_id
)
select removed.author_id
from removed;
