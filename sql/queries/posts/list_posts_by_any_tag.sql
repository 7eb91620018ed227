-- posts/list_posts_by_any_tag: a page of the posts that carry any of these tags, newest first.  GET /posts?tag_any
-- in:      tagNames text[] (1 to 5, each once), before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with their tags and, withAuthor, the author's name 0..limit, newest first
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_tag_tag_id_post_id_idx; post_pkey, users_pkey, post_tag_pkey, tag_pkey
-- why:     the newest of each tag are taken first, so five common tags cost five short index ranges.
/* posts/list_posts_by_any_tag 1 */
with wanted as materialized (
  select t.id
  from blog.tag t
  where t.name = any(:tagNames::text[])
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select distinct found.post_id as id
    from wanted w
    cross join lateral (
      select pt.post_id
      from blog.post_tag pt
      where pt.tag_id = w.id and pt.post_id < :before
      order by pt.post_id desc
      limit 101
    ) found
    order by id desc
    limit 101
  ) capped
  limit :limit
) page
join blog.post p on p.id = page.id
left join lateral (select u.name from blog.users u where u.id = p.author_id and :withAuthor) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and :withTags
) tags on true
order by page.id desc;
