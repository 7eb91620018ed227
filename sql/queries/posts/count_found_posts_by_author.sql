-- posts/count_found_posts_by_author: how many posts the page of posts/search_posts_by_author is of, up to 10,001.  GET /posts?author_id&q with Prefer: count
-- in:      authorId bigint, words text (websearch syntax)
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_words_idx
/* posts/count_found_posts_by_author 1 */
select count(*) as total
from (
  select
  from blog.post p
  where blog.post_words(p.id, p.author_id, p.title, p.content) @@ blog.search_query(:words::text)
    and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#a' || :authorId)::tsquery
  limit 10001
) counted;
