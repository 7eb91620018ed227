-- posts/count_posts: how many posts the page of posts/list_posts is of, up to 10,000.  GET /posts with Prefer: count
-- in:      nothing
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    at most 10,001 rows; both modes
-- uses:    any order will do: it stops at 10,001 rows
/* posts/count_posts 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.post p
  limit 10001
) counted;
