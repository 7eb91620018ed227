-- users/put_profile: writes the profile of a user, created where there was none.  PUT /users/{id}/profile
-- in:      userId bigint, bio text, ownerId bigint or null (null: whoever it is), versions bigint[] or null (null: whatever the version is)
-- out:     1 user+profile 0..1; nothing where the user does not exist, is not the owner or has another version
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key
-- note:    xmax is 0 in a row that was inserted and the writer's transaction in one that was updated: the only way to
--          tell the two apart in the statement that did it (PostgreSQL manual, 5.5 System Columns).
--          Why there was nothing: as users/replace_user.
/* users/put_profile 1 */
with changed as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
    and (:versions::bigint[] is null or u.version = any(:versions::bigint[]))
  returning u.id, u.version
), written as (
  insert into blog.profile as p (user_id, bio)
  select changed.id, :bio::text
  from changed
  on conflict (user_id) do update set bio = excluded.bio, updated_at = now()
  returning p.id, p.bio, p.xmax = 0 as created
)
select
  changed.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, written.created,
  written.id as profile_id, written.bio
from changed
cross join written;
