-- posts/count_found_posts: how many posts the page of posts/search_posts is of, up to 10,000.  GET /posts?q with Prefer: count=exact
-- in:      words text (websearch syntax)
-- out:     1 count and whether that is all 1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    post_words_idx, post_pkey
-- why:     slice by slice, as the search: all matches of a common word at once do not fit into a bitmap, which then forgets which posts
--          they are, and the words of each post of a block are made anew. After a second it says what it has counted.
/* posts/count_found_posts 1 */
with recursive asked as materialized (
  select
    blog.search_query(:words::text) as exact,
    blog.search_candidates(blog.search_query(:words::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
), visited (down_to, found, is_late) as (
  select 9223372036854775807, 0::bigint, false
  union all
  select
    older.slice << 14, visited.found + matched.posts,
    matched.is_late or clock_timestamp() > (select a.deadline from asked a)
  from visited
  cross join lateral (
    select max(p.id) >> 14 as slice
    from blog.post p
    where p.id < visited.down_to
  ) older
  cross join lateral (
    select count(*) filter (where held.is_match) as posts, coalesce(bool_or(held.is_match is null), false) as is_late
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
          and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#s' || older.slice)::tsquery
        offset 0
      ) candidate
      offset 0
    ) held
  ) matched
  where visited.found <= 10000 and not visited.is_late and older.slice is not null
)
select least(max(visited.found), 10000) as total, max(visited.found) <= 10000 and not bool_or(visited.is_late) as is_all
from visited;
