-- users/get_user: one user with profile, posts and the ids of their tags, all of one snapshot.  GET /users/{id}
-- in:      userId bigint, postLimit int (0 reads no post), withTags boolean
-- out:     1 user+profile and how many posts there are 0..1 | 2 posts with the ids of their tags and the tag epoch 0..postLimit, by id
-- budget:  statements 2, rows 1 + postLimit
-- plan:    no seq scan; both modes
-- uses:    users_pkey, profile_user_id_key, post_author_id_id_idx, post_tag_pkey
-- why:     the names of tags are known to the service, or are asked for by tags/get_tag_names (decision 0018): 30 tags of a user are
--          30 descents of an index that seldom say anything new.
-- note:    PUT and PATCH /users/{id} answer with it. With Idempotency-Key PATCH sends it without begin and commit, in its own
--          transaction, which has the user locked. There each statement has a snapshot of its own: set 2 brings the epoch that
--          its tags are of.
begin isolation level repeatable read read only;

/* users/get_user 1 */
select
  u.id, u.name, u.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, u.created_at, u.updated_at,
  (select count(*) from blog.post c where c.author_id = u.id) as post_count,
  p.id as profile_id, p.bio
from blog.users u
left join blog.profile p on p.user_id = u.id
where u.id = :userId;

/* users/get_user 2 */
select
  p.id, p.title, p.content,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = p.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from blog.post p
where p.author_id = :userId
order by p.id
limit :postLimit;

commit;
