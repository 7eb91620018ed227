-- tags/list_tags_by_name_prefix: a page of the tags whose name begins with this text, by name.  GET /tags?name_prefix
-- in:      prefix text, after text ('' for the first page), limit int (at most 101), withPostCount boolean
-- out:     1 tags 0..limit, by name
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    tag_name_key, post_tag_tag_id_post_id_idx
-- why:     a tag may be on any number of posts: they are counted up to 10,000.
--          U+10FFFF is the last character there is, and a name has 30 at most: the range holds exactly the names that begin so.
/* tags/list_tags_by_name_prefix 1 */
select
  capped.name, capped.id, capped.created_at, capped.updated_at,
  case when :withPostCount then (
    select count(*) from (select from blog.post_tag pt where pt.tag_id = capped.id limit 10000) counted
  ) end as post_count
from (
  select t.name, t.id, t.created_at, t.updated_at
  from blog.tag t
  where t.name between :prefix::text and :prefix::text || repeat(chr(1114111), 30)
    and t.name > :after
  order by t.name
  limit 101
) capped
order by capped.name
limit :limit;
