-- tags/count_tags_by_name_prefix: how many tags the page of tags/list_tags_by_name_prefix is of, up to 10,000.  GET /tags?name_prefix with Prefer: count
-- in:      prefix text
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_name_key
-- why:     in the order of the index, which else would be passed over for the whole table where most begin so.
/* tags/count_tags_by_name_prefix 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.tag t
  where t.name between :prefix::text and :prefix::text || repeat(chr(1114111), 30)
  order by t.name
  limit 10001
) counted;
