-- users/reserve_ids: identities for users and posts that are about to be created.  POST /import/users, blog import users
-- in:      users int, posts int
-- out:     1 identities, those of users (kind 1) before those of posts (kind 2), rising
-- budget:  statements 1, rows users + posts
-- plan:    no seq scan; both modes
-- why:     rows of several users can name each other before any of them is there, so that users/create_users needs no reading.
-- note:    what is reserved and not used, after a rollback, is a gap.
/* users/reserve_ids 1 */
select 1 as kind, nextval('blog.users_id_seq') as id
from generate_series(1, :users)
union all
select 2, nextval('blog.post_id_seq')
from generate_series(1, :posts)
order by kind, id;
