-- posts/count_posts_by_author: how many posts the page of posts/list_posts_by_author is of, up to 10,001.  GET /posts?author_id and GET /users/{id}/posts with Prefer: count
-- in:      authorId bigint
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_author_id_id_idx
/* posts/count_posts_by_author 1 */
select count(*) as total
from (
  select p.id
  from blog.post p
  where p.author_id = :authorId
  order by p.id desc
  limit 10001
) counted;
