-- tags/delete_tag: deletes a tag; its posts lose it, or carry another tag instead.  DELETE /tags/{id}, also with merge_into
-- in:      tagId bigint, intoId bigint or null (null: the links go with the tag), versions bigint[] or null (null: whatever the version is)
-- out:     1 epoch 1 | 2 the tag and the one it is merged into 0..2, by name | 3 authors of its posts 1 | 4 nothing | 5 whether it was deleted 1
-- budget:  statements 5, rows 5
-- plan:    no seq scan; both modes
-- uses:    tag_pkey, post_tag_tag_id_post_id_idx, post_tag_pkey, post_pkey, users_pkey
-- why:     locks in one order (see decision 0007): the epoch, so that nobody else renames, merges or deletes tags; the tags by name, as
--          writers of links lock them; the authors by id, so that nobody writes below them while the links move; the links.
-- note:    a link is moved, not copied: its post is not looked up again and cannot have gone. A post that carries both tags keeps
--          the link that it has; the other goes with the tag. Unless statement 5 deletes the tag, nothing is changed.
--          The offset 0 lets the planner ask post by post: for a few links it would read all those of the tag that they go to.
begin;

/* tags/delete_tag 1 */
select e.epoch
from blog.tag_epoch e
for update;

/* tags/delete_tag 2 */
select t.id, t.version
from blog.tag t
where t.id in (:tagId, :intoId)
order by t.name
for update;

/* tags/delete_tag 3 */
select count(*) as authors
from (
  select distinct p.author_id
  from blog.post_tag l
  join blog.post p on p.id = l.post_id
  where l.tag_id = (
    select t.id from blog.tag t
    where t.id = :tagId and (:versions::bigint[] is null or t.version = any(:versions::bigint[]))
  )
  order by p.author_id
) author
cross join lateral (
  select u.id from blog.users u
  where u.id = author.author_id
  for share
) kept;

/* tags/delete_tag 4 */
update blog.post_tag l
set tag_id = o.id
from blog.tag o
where o.id = :intoId
  and l.tag_id = (
    select t.id from blog.tag t
    where t.id = :tagId and (:versions::bigint[] is null or t.version = any(:versions::bigint[]))
  )
  and not exists (select from blog.post_tag has where has.post_id = l.post_id and has.tag_id = o.id offset 0);

/* tags/delete_tag 5 */
with deleted as (
  delete from blog.tag t
  where t.id = :tagId and (:versions::bigint[] is null or t.version = any(:versions::bigint[]))
    and (:intoId::bigint is null or exists (select from blog.tag o where o.id = :intoId))
  returning t.id
), moved as (
  update blog.tag_epoch e
  set epoch = e.epoch + 1
  from deleted
)
select exists (select from deleted) as deleted;

commit;
