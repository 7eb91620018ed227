-- users/get_user_revision: how new a user is, with everything below.  GET /users/{id} and /users/{id}/profile with If-None-Match; a write that has found no row to write
-- in:      userId bigint
-- out:     1 version and tag epoch 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey
/* users/get_user_revision 1 */
select u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from blog.users u
where u.id = :userId;
