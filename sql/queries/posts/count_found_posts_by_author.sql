-- posts/count_found_posts_by_author: how many posts the page of posts/search_posts_by_author is of, up to 10,000.  GET /posts?author_id&q and GET /users/{id}/posts?q with Prefer: count
-- in:      authorId bigint, words text (websearch syntax)
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_words_idx, post_pkey
-- why:     a phrase is held against its posts one by one, as in posts/count_found_posts, and for a second at most.
/* posts/count_found_posts_by_author 1 */
with asked as materialized (
  select
    blog.search_query(:words::text) as exact,
    blog.search_candidates(blog.search_query(:words::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
)
select
  least(count(*) filter (where counted.is_match), 10000) as total,
  count(*) <= 10000 and not coalesce(bool_or(counted.is_match is null), false) as is_all
from (
  select held.is_match
  from (
    select
      case
        when (select a.exact = a.candidates from asked a) then true
        when clock_timestamp() > (select a.deadline from asked a) then null
        else (
          select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
          from blog.post p
          where p.id = candidate.id
        )
      end as is_match
    from (
      select p.id
      from blog.post p
      where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
        and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#a' || :authorId)::tsquery
      offset 0
    ) candidate
    offset 0
  ) held
  where held.is_match is not false
  limit 10001
) counted;
