-- posts/search_posts: a page of the posts that hold these words, newest first.  GET /posts?q
-- in:      words text (websearch syntax), before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with their tags and, withAuthor, the author's name 0..limit, newest first
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    post_words_idx, post_pkey; users_pkey, post_tag_pkey, tag_pkey
-- why:     the index knows no order: all matches would have to be read to find the newest. Instead the slices of 16,384 ids are visited
--          from the newest on until enough was found. A word of every second post ends in the first slice, and one that is
--          nowhere costs two look-ups a slice.
--          A phrase is held against its posts one by one, the newest first, until the page is full; the index knows only that
--          its words are there.
-- note:    each offset 0 keeps a condition or an order out of the query inside: with it, the planner would walk the primary key and
--          make the words of each post anew.
/* posts/search_posts 1 */
with recursive asked as materialized (
  select
    blog.search_query(:words::text) as exact,
    blog.search_candidates(blog.search_query(:words::text)) as candidates
), visited (down_to, ids, missing) as (
  select :before::bigint, array[]::bigint[], :limit::int
  union all
  select older.slice << 14, found.ids, visited.missing - cardinality(found.ids)
  from visited
  cross join lateral (
    select max(p.id) >> 14 as slice
    from blog.post p
    where p.id < visited.down_to
  ) older
  cross join lateral (
    select array(
      select newest.id
      from (
        select matched.id
        from (
          select p.id
          from blog.post p
          where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
            and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#s' || older.slice)::tsquery
          offset 0
        ) matched
        where matched.id < :before
        order by matched.id desc
        offset 0
      ) newest
      where (select a.exact = a.candidates from asked a)
        or (
          select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
          from blog.post p
          where p.id = newest.id
        )
      limit visited.missing
    ) as ids
    offset 0
  ) found
  where visited.missing > 0 and older.slice is not null
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author, tags.tag_ids, tags.tag_names
from (
  select capped.id
  from (
    select unnest(visited.ids) as id
    from visited
    order by id desc
    limit 101
  ) capped
  limit :limit
) page
join blog.post p on p.id = page.id
left join lateral (select u.name from blog.users u where u.id = p.author_id and :withAuthor) author on true
left join lateral (
  select array_agg(t.id order by t.id) as tag_ids, array_agg(t.name order by t.id) as tag_names
  from blog.post_tag pt
  join blog.tag t on t.id = pt.tag_id
  where pt.post_id = page.id and :withTags
) tags on true
order by page.id desc;
