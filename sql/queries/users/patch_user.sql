-- users/patch_user: changes what was sent, the name, the bio or both; a bio that was sent as null deletes the profile.  PATCH /users/{id}
-- in:      userId bigint, name text or null (keeps the name), changesBio boolean, bio text or null, ownerId bigint or null (null: whoever it is), versions bigint[] or null (null: whatever the version is)
-- out:     1 the user's new version 0..1; nothing where the user does not exist, is not the owner or has another version
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key
-- note:    the row of the user is taken first, as every write below a user does, so that two writes never wait for each other in a circle.
--          Why there was nothing: as users/replace_user.
/* users/patch_user 1 */
with changed as (
  update blog.users u
  set name = coalesce(:name::text, u.name), version = u.version + 1, updated_at = now()
  where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
    and (:versions::bigint[] is null or u.version = any(:versions::bigint[]))
  returning u.id, u.version
), written as (
  insert into blog.profile (user_id, bio)
  select changed.id, :bio::text
  from changed
  where :changesBio::boolean and :bio::text is not null
  on conflict (user_id) do update set bio = excluded.bio, updated_at = now()
), removed as (
  delete from blog.profile p
  using changed
  where p.user_id = changed.id and :changesBio::boolean and :bio::text is null
)
select changed.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from changed;
