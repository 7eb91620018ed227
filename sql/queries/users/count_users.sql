-- users/count_users: how many users the page of users/list_users is of, up to 10,001.  GET /users with Prefer: count
-- in:      nothing
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    at most 10,001 rows; both modes
-- uses:    any order will do: it stops at 10,001 rows
/* users/count_users 1 */
select count(*) as total
from (
  select
  from blog.users u
  limit 10001
) counted;
