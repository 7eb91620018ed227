-- users/delete_profile: deletes the profile of a user.  DELETE /users/{id}/profile
-- in:      userId bigint, ownerId bigint or null (null: whoever it is), versions bigint[] or null (null: whatever the version is)
-- out:     1 whether the user is not the owner, whether there was a profile, and whether it was deleted 0..1; nothing where the user does not exist
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key
-- note:    there was one and it was not deleted: the user is not the owner, or has another version, or another delete came first.
/* users/delete_profile 1 */
with changed as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
    and (:versions::bigint[] is null or u.version = any(:versions::bigint[]))
    and exists (select from blog.profile p where p.user_id = u.id)
  returning u.id
), removed as (
  delete from blog.profile p
  using changed
  where p.user_id = changed.id
  returning p.id
)
select
  not (:ownerId::bigint is null or u.id = :ownerId) as is_foreign,
  exists (select from blog.profile p where p.user_id = u.id) as existed,
  exists (select from removed) as removed
from blog.users u
where u.id = :userId;
