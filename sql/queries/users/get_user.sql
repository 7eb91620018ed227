-- users/get_user: one user with profile, posts and their tags, all of one snapshot.  GET /users/{id}
-- in:      userId bigint, postLimit int (0 reads no post), withTags boolean
-- out:     1 user+profile 0..1 | 2 posts 0..postLimit, by id | 3 tags of those posts, by post and id | 4 post count 0..1, only above postLimit
-- budget:  statements 4, rows 2 + postLimit + 50 * postLimit
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey, tag_pkey
-- why:     the offset 0 lets the planner look a tag up by its id, and nothing else: for many posts it would read all tags.
-- note:    PATCH /users/{id} with Idempotency-Key sends it without begin and commit, in its own transaction, which has the user
--          locked. There each statement has a snapshot of its own: set 3 brings the epoch that its names are of.
begin isolation level repeatable read read only;

/* users/get_user 1 */
select
  u.id, u.name, u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, u.created_at, u.updated_at,
  p.id as profile_id, p.bio
from blog.users u
left join blog.profile p on p.user_id = u.id
where u.id = :userId;

/* users/get_user 2 */
select p.id, p.title, p.content
from blog.post p
where p.author_id = :userId
order by p.id
limit :postLimit;

/* users/get_user 3 */
select pt.post_id, t.name, t.id, (select e.epoch from blog.tag_epoch e) as tag_epoch
from (select id from blog.post where author_id = :userId order by id limit :postLimit) p
join blog.post_tag pt on pt.post_id = p.id
cross join lateral (select t.name, t.id from blog.tag t where t.id = pt.tag_id offset 0) t
where :withTags
order by pt.post_id, t.id;

/* users/get_user 4 */
select count(*) as posts
from blog.post
where author_id = :userId
having count(*) > :postLimit;

commit;
