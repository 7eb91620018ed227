-- tags/get_tag: one tag.  GET /tags/{id}, also with If-None-Match
-- in:      tagId bigint, withPostCount boolean
-- out:     1 tag 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_pkey, post_tag_tag_id_post_id_idx
-- why:     a tag may be on any number of posts: they are counted up to 10,000.
/* tags/get_tag 1 */
select
  t.name, t.id, t.version, t.created_at, t.updated_at,
  case when :withPostCount then (
    select count(*) from (select from blog.post_tag pt where pt.tag_id = t.id limit 10000) counted
  ) end as post_count
from blog.tag t
where t.id = :tagId;
