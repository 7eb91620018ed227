-- users/get_profile: one user's profile, and whether the user exists at all.  GET /users/{id}/profile
-- in:      userId bigint
-- out:     1 user+profile 0..1; profile_id is null where the user has none
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key
/* users/get_profile 1 */
select u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, p.id as profile_id, p.bio
from blog.users u
left join blog.profile p on p.user_id = u.id
where u.id = :userId;
