-- posts/delete_post: deletes a post; its links to tags go with it by cascade.  DELETE /posts/{id}
-- in:      postId bigint, ownerId bigint or null (null: whoever wrote it), versions bigint[] or null (null: whatever the version is)
-- out:     1 whether the post is another's, whether its author was there, and whether the post was deleted 0..1; nothing where it does not exist
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey; the cascade uses post_tag_pkey
-- why:     the row of the author is taken first (decision 0006). It is locked by itself and written only for a post that
--          was deleted: whoever waited for the lock sees the post as it was before, but the delete finds it as it is.
-- note:    the author is not there where it was deleted while this waited, with its posts or after they went to another user. The file
--          is sent again, and sees which. Where the post is another's than ownerId, nobody is locked, and the file is not sent again.
/* posts/delete_post 1 */
with author as (
  select u.id
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = :postId and (:ownerId::bigint is null or p.author_id = :ownerId)
  for no key update of u
), removed as (
  delete from blog.post p
  using author
  where p.id = :postId and p.author_id = author.id
    and (:ownerId::bigint is null or p.author_id = :ownerId)
    and (:versions::bigint[] is null or p.version = any(:versions::bigint[]))
  returning p.author_id
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from removed
  where u.id = removed.author_id
)
select
  not (:ownerId::bigint is null or p.author_id = :ownerId) as is_foreign, exists (select from author) as has_author,
  exists (select from removed) as is_deleted
from blog.post p
where p.id = :postId;
