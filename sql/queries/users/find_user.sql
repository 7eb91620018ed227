-- users/find_user: whether a user exists.  GET /users/{id}/posts
-- in:      userId bigint
-- out:     1 id 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey
/* users/find_user 1 */
select u.id
from blog.users u
where u.id = :userId;
