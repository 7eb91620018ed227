-- posts/count_posts_by_author: how many posts the page of posts/list_posts_by_author is of, up to 10,000.  GET /posts?author_id and GET /users/{id}/posts with Prefer: count
-- in:      authorId bigint
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_author_id_id_idx
/* posts/count_posts_by_author 1 */
select least(count(*), 10000) as total, count(*) <= 10000 as is_all
from (
  select p.id
  from blog.post p
  where p.author_id = :authorId
  limit 10001
) counted;
