-- users/delete_profile: deletes the profile of a user.  DELETE /users/{id}/profile
-- in:      userId bigint
-- out:     1 whether there was a profile 0..1; nothing where the user does not exist
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key
/* users/delete_profile 1 */
with changed as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = :userId and exists (select from blog.profile p where p.user_id = u.id)
  returning u.id
), removed as (
  delete from blog.profile p
  using changed
  where p.user_id = changed.id
  returning p.id
)
select exists (select from removed) as removed
from blog.users u
where u.id = :userId;
