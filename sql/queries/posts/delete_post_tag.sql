-- posts/delete_post_tag: takes one tag away from a post; nothing where the post does not have it.  DELETE /posts/{id}/tags/{tag_id}
-- in:      postId bigint, tagId bigint, ownerId bigint or null (null: whoever wrote it), versions bigint[] or null (null: whatever the version is)
-- out:     1 the author 0..1, nobody where the post is another's | 2 the post as it was before 0..1
-- budget:  statements 2, rows 2
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey, post_tag_pkey
-- needs:   one transaction; sent alone, all of the file is one.
-- why:     as posts/replace_post.
/* posts/delete_post_tag 1 */
select u.id, u.version
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = :postId and (:ownerId::bigint is null or p.author_id = :ownerId)
for no key update of u;

/* posts/delete_post_tag 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = :postId and (:ownerId::bigint is null or p.author_id = :ownerId)
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), changed as (
  update blog.post p
  set version = p.version + 1, updated_at = now()
  from turn
  where p.id = :postId and p.author_id = turn.id
    and (:ownerId::bigint is null or p.author_id = :ownerId)
    and (:versions::bigint[] is null or p.version = any(:versions::bigint[]))
    and exists (select from blog.post_tag pt where pt.post_id = :postId and pt.tag_id = :tagId)
  returning p.id, p.author_id
), removed as (
  delete from blog.post_tag pt
  using changed
  where pt.post_id = changed.id and pt.tag_id = :tagId
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch,
  not (:ownerId::bigint is null or p.author_id = :ownerId) as is_foreign,
  not (:versions::bigint[] is null or p.version = any(:versions::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
where p.id = :postId;
