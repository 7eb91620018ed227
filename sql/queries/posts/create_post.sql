-- posts/create_post: a post of a user, and the links to tags already found.  POST /users/{id}/posts
-- in:      userId bigint, ownerId bigint or null (null: whoever it is), title text, content text, tagIds bigint[]
-- out:     1 the post's id and revision 0..1; nothing where the user does not exist, or is not the owner
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_pkey
-- note:    the row of the user is taken first (decision 0006). Where nothing comes back, a writer who owns only what is theirs is
--          told why by users/get_user_revision: a refusal is one trip more.
/* posts/create_post 1 */
with author as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  where u.id = :userId and (:ownerId::bigint is null or u.id = :ownerId)
  returning u.id
), created as (
  insert into blog.post (author_id, title, content)
  select author.id, :title, :content
  from author
  returning id, version
), linked as (
  insert into blog.post_tag (post_id, tag_id)
  select created.id, wanted.tag_id
  from created
  cross join unnest(:tagIds::bigint[]) as wanted (tag_id)
  order by wanted.tag_id
)
select created.id, created.version, (select e.epoch from blog.tag_epoch e) as tag_epoch
from created;
