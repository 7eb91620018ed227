-- users/replace_user: gives a user another name.  PUT /users/{id}
-- in:      userId bigint, name text, ownerId bigint or null (null: whoever it is), versions bigint[] or null (null: whatever the version is)
-- out:     1 the user's new version 0..1; nothing where the user does not exist, is not the owner or has another version
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey
-- note:    why there was nothing, users/get_user_revision tells: one trip more, with versions or an owner who is not the user.
/* users/replace_user 1 */
update blog.users u
set name = :name, version = u.version + 1, updated_at = now()
where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
  and (:versions::bigint[] is null or u.version = any(:versions::bigint[]))
returning u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch;
