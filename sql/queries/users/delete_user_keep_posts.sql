-- users/delete_user_keep_posts: gives the posts of a user to another one and deletes the user.  DELETE /users/{id} with reassign_posts_to
-- in:      userId bigint, heirId bigint, ownerId bigint or null (null: whoever they are), versions bigint[] or null (null: whatever the version is)
-- out:     1 epoch 1 | 2 both users, as far as they exist and are the owner's, by id 0..2 | 3 nothing | 4 id of the user 0..1; nothing where the user was not deleted
-- budget:  statements 4, rows 4
-- plan:    no seq scan; both modes
-- uses:    users_pkey, post_author_id_id_idx; the cascade uses profile_user_id_key
-- why:     the epoch is locked first: a merge or a delete of a tag locks the authors of its posts, and none may change meanwhile (see
--          decision 0007). Then both users, by id: two of these that name each other do not wait in a circle, and a post that is
--          being written for the user is there when statement 3 looks, or its author is gone when it is.
-- note:    the heir's version moves only where there was a post to take. Unless statement 4 deletes the user, nothing is changed.
--          Both users are written, so both must be the owner's: this is for those who may write whoever's rows (ownerId null).
--          All others are refused, and told why by users/get_user_revision, where the user is another's: one trip more.
begin;

/* users/delete_user_keep_posts 1 */
select e.epoch
from blog.tag_epoch e
for share;

/* users/delete_user_keep_posts 2 */
select u.id, u.version
from blog.users u
where u.id in (:userId, :heirId) and (:ownerId::bigint is null or u.id = :ownerId)
order by u.id
for update;

/* users/delete_user_keep_posts 3 */
with taken as (
  update blog.post p
  set author_id = heir.id, version = p.version + 1, updated_at = now()
  from blog.users heir
  where heir.id = :heirId and (:ownerId::bigint is null or heir.id = :ownerId)
    and p.author_id = (
      select u.id from blog.users u
      where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
        and (:versions::bigint[] is null or u.version = any(:versions::bigint[]))
    )
  returning p.id
)
update blog.users heir
set version = heir.version + 1, updated_at = now()
where heir.id = :heirId and exists (select from taken);

/* users/delete_user_keep_posts 4 */
delete from blog.users u
where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
  and (:versions::bigint[] is null or u.version = any(:versions::bigint[]))
  and exists (
    select from blog.users heir
    where heir.id = :heirId and (:ownerId::bigint is null or heir.id = :ownerId)
  )
returning u.id;

commit;
