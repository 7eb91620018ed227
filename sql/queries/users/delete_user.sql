-- users/delete_user: deletes a user; profile, posts and their links to tags go with it by cascade.  DELETE /users/{id}
-- in:      userId bigint, ownerId bigint or null (null: whoever it is), versions bigint[] or null (null: whatever the version is)
-- out:     nothing; the affected count is 0 or 1
-- budget:  statements 1, rows 0
-- plan:    no seq scan; both modes
-- uses:    users_pkey; the cascades use profile_user_id_key, post_author_id_id_idx, post_tag_pkey
-- note:    as users/replace_user.
/* users/delete_user 1 */
delete from blog.users u
where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
  and (:versions::bigint[] is null or u.version = any(:versions::bigint[]));
