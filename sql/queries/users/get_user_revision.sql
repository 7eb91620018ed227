-- users/get_user_revision: how new a user is, with everything below.  GET /users/{id} with If-None-Match; behind a write that has found no row: PUT, PATCH and DELETE /users/{id}, PUT and DELETE /users/{id}/profile, POST /users/{id}/posts
-- in:      userId bigint
-- out:     1 version and tag epoch 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey
/* users/get_user_revision 1 */
select u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from blog.users u
where u.id = :userId;
