-- tags/count_tags_by_name: how many tags the page of tags/list_tags_by_name is of, up to 10,001.  GET /tags?name with Prefer: count
-- in:      name text
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_name_key
/* tags/count_tags_by_name 1 */
select count(*) as total
from (
  select
  from blog.tag t
  where t.name = :name
  limit 10001
) counted;
