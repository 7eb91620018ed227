-- tags/count_tags: how many tags the page of tags/list_tags is of, up to 10,000.  GET /tags with Prefer: count
-- in:      nothing
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    at most 10,001 rows; both modes
-- uses:    any order will do: it stops at 10,001 rows
/* tags/count_tags 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.tag t
  limit 10001
) counted;
