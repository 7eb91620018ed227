-- users/count_users_by_name_prefix: how many users the page of users/list_users_by_name_prefix is of, up to 10,000.  GET /users?name_prefix with Prefer: count
-- in:      prefix text
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    users_name_id_idx
-- why:     in the order of the index, which else would be passed over for the whole table where most begin so.
/* users/count_users_by_name_prefix 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select
  from blog.users u
  where u.name between :prefix::text and :prefix::text || repeat(chr(1114111), 50)
  order by u.name, u.id
  limit 10001
) counted;
