-- posts/search_posts_by_author: a page of the posts of one user that hold these words, newest first.  GET /posts?author_id&q and GET /users/{id}/posts?q
-- in:      authorId bigint, words text (websearch syntax), before bigint (9223372036854775807 for the first page), limit int (at most 101), withTags boolean, withAuthor boolean
-- out:     1 posts with the ids of their tags, the tag epoch and, withAuthor, the author's name 0..limit, newest first; behind them, where it took too long to
--          fill the page, a row without title: what is below its id is not looked at yet
-- budget:  statements 1, rows limit
-- plan:    no seq scan; both modes
-- uses:    post_words_idx; post_pkey, users_pkey, post_tag_pkey
-- why:     the author is a word of the index, too: only the user's own matches are read.
--          A phrase is held against its posts one by one, as in posts/search_posts, and for a second at most.
-- note:    each offset 0 keeps a condition or an order out of the query inside: with it, the planner would walk the primary key and
--          make the words of each post anew.
/* posts/search_posts_by_author 1 */
with asked as materialized (
  select
    blog.search_query(:words::text) as exact,
    blog.search_candidates(blog.search_query(:words::text)) as candidates,
    statement_timestamp() + interval '1 second' as deadline
), looked as materialized (
  select held.id, held.is_match
  from (
    select
      newest.id,
      case
        when (select a.exact = a.candidates from asked a) then true
        when newest.nth > 1 and clock_timestamp() > (select a.deadline from asked a) then null
        else (
          select blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.exact from asked a)
          from blog.post p
          where p.id = newest.id
        )
      end as is_match
    from (
      select matched.id, row_number() over (order by matched.id desc) as nth
      from (
        select p.id
        from blog.post p
        where blog.post_words(p.id, p.author_id, p.title, p.content) @@ (select a.candidates from asked a)
          and blog.post_words(p.id, p.author_id, p.title, p.content) @@ quote_literal('#a' || :authorId)::tsquery
        offset 0
      ) matched
      where matched.id < :before
      order by matched.id desc
      offset 0
    ) newest
    offset 0
  ) held
  where held.is_match is not false
  limit :limit
), page as materialized (
  select capped.id, capped.is_match
  from (
    (
      select l.id, true as is_match
      from looked l
      where l.is_match
      order by l.id desc
      limit 101
    )
    union all
    (
      select l.id + 1, false
      from looked l
      where l.is_match is null
      order by l.id desc
      limit 1
    )
    order by id desc, is_match desc
    limit 101
  ) capped
  limit :limit
)
select
  page.id, p.title, p.content, p.author_id, p.created_at, p.updated_at, author.name as author,
  array(select pt.tag_id from blog.post_tag pt where pt.post_id = p.id and :withTags order by pt.tag_id) as tag_ids,
  (select e.epoch from blog.tag_epoch e) as tag_epoch
from page
left join blog.post p on p.id = page.id and page.is_match
left join lateral (select u.name from blog.users u where u.id = p.author_id and :withAuthor offset 0) author on true
order by page.id desc, page.is_match desc;
