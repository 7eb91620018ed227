-- posts/reckon_found_posts: the posts that posts/search_posts finds.  GET /posts?q with Prefer: count=planned
-- in:      words text (websearch syntax)
-- out:     1 posts, in no order
-- budget:  statements 1, rows 0
-- plan:    no seq scan; both modes
-- uses:    post_words_idx
-- note:    never run, only explained: posts/count_found_posts goes slice by slice, which the planner cannot add up.
/* posts/reckon_found_posts 1 */
select p.id
from blog.post p
where blog.post_words(p.id, p.author_id, p.title, p.content) @@ blog.search_query(:words::text);
