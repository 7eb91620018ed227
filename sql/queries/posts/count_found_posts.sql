-- posts/count_found_posts: how many posts the page of posts/search_posts is of, up to 10,001.  GET /posts?q with Prefer: count=exact
-- in:      words text (websearch syntax)
-- out:     1 count 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_words_idx, post_pkey
-- why:     slice by slice, as the search: all matches of a common word at once do not fit into a bitmap, which then forgets which posts
--          they are, and the words of each post of a block are made anew.
/* posts/count_found_posts 1 */
with recursive asked as materialized (
  select blog.search_query(:words::text) as exact
), visited (down_to, found) as (
  select 9223372036854775807, 0::bigint
  union all
  select older.slice << 14, visited.found + matched.posts
  from visited
  cross join lateral (
    select max(p.id) >> 14 as slice
    from blog.post p
    where p.id < visited.down_to
  ) older
  cross join lateral (
    select count(*) as posts
    from blog.post p
    where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
      and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#s' || older.slice)::tsquery
  ) matched
  where visited.found <= 10000 and older.slice is not null
)
select max(visited.found) as total
from visited;
