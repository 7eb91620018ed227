-- posts/patch_post: changes what was sent of a post, the title, the content, the tags or any of them.  PATCH /posts/{id}
-- in:      postId bigint, title text or null (keeps the title), content text or null (keeps the content), tagIds bigint[] or null (keeps the tags),
--          ownerId bigint or null (null: whoever wrote it), versions bigint[] or null (null: whatever the version is)
-- out:     1 the author 0..1, nobody where the post is another's | 2 the post as it now is 0..1 | 3 post+tag as they now are 1..50 where the post exists, by tag id; name and id are null where it has no tags
-- budget:  statements 3, rows 2 + 50
-- plan:    no seq scan; both modes
-- uses:    post_pkey, users_pkey, post_tag_pkey, tag_pkey
-- needs:   one transaction; sent alone, all of the file is one.
-- why:     as posts/replace_post. What is kept is null and differs from nothing.
/* posts/patch_post 1 */
select u.id, p.id as post_id
from blog.post p
join blog.users u on u.id = p.author_id
where p.id = :postId and (:ownerId::bigint is null or p.author_id = :ownerId)
for no key update of u;

/* posts/patch_post 2 */
with author as (
  select u.id, u.version
  from blog.post p
  join blog.users u on u.id = p.author_id
  where p.id = :postId and (:ownerId::bigint is null or p.author_id = :ownerId)
  for no key update of u skip locked
), turn as (
  select author.id
  from author
  join blog.users u on u.id = author.id and u.version = author.version
), surplus as (
  select pt.tag_id
  from blog.post_tag pt
  where pt.post_id = :postId and pt.tag_id <> all(:tagIds::bigint[])
), missing as (
  select wanted.tag_id
  from unnest(:tagIds::bigint[]) as wanted (tag_id)
  where not exists (select from blog.post_tag pt where pt.post_id = :postId and pt.tag_id = wanted.tag_id)
), changed as (
  update blog.post p
  set title = coalesce(:title::text, p.title), content = coalesce(:content::text, p.content),
    version = p.version + 1, updated_at = now()
  from turn
  where p.id = :postId and p.author_id = turn.id
    and (:ownerId::bigint is null or p.author_id = :ownerId)
    and (:versions::bigint[] is null or p.version = any(:versions::bigint[]))
    and (p.title <> :title::text or p.content <> :content::text
      or exists (select from surplus) or exists (select from missing))
  returning p.id, p.author_id
), removed as (
  delete from blog.post_tag pt
  using changed, surplus
  where pt.post_id = changed.id and pt.tag_id = surplus.tag_id
), added as (
  insert into blog.post_tag (post_id, tag_id)
  select changed.id, missing.tag_id
  from changed
  cross join missing
  order by missing.tag_id
  on conflict do nothing
), touched as (
  update blog.users u
  set version = u.version + 1, updated_at = now()
  from changed
  where u.id = changed.author_id
)
select
  p.author_id, coalesce(:title::text, p.title) as title, coalesce(:content::text, p.content) as content,
  not (:ownerId::bigint is null or p.author_id = :ownerId) as is_foreign,
  not (:versions::bigint[] is null or p.version = any(:versions::bigint[])) as is_stale,
  exists (select from turn) as has_turn
from blog.post p
where p.id = :postId;

/* posts/patch_post 3 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = :postId
order by p.id, t.id;
