-- users/replace_user: gives a user another name.  PUT /users/{id}
-- in:      userId bigint, name text
-- out:     1 the user's new version 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey
/* users/replace_user 1 */
update blog.users u
set name = :name, version = u.version + 1, updated_at = now()
where u.id = :userId
returning u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch;
