-- 0005_create_search: how a post, and what somebody looks for, become words; one plan a statement for the service.
-- why:   GET /posts?q= finds words and phrases in title and content. Chinese, Japanese and Korean text, in which no spaces tell
--        words apart, is found by its pairs of characters. The next script lays an index over the words, so that they stay
--        out of the rows of post.
--        The statements of lists and searches are written for the generic plan, which must be the one they get: left to itself the
--        server plans a page anew each time, or takes another plan from the sixth time on. And without jit: the planner
--        reckons what making words costs, takes it for worth compiling, and a page of a millisecond waits for a compiler.
-- locks: none on data; the functions are new.
-- needs: a superuser, or whoever may alter the role blog_app; without that right its settings stay as they are, with a warning.
-- undo:  alter role blog_app reset plan_cache_mode; alter role blog_app reset jit;
--        drop function blog.post_words, blog.search_candidates, blog.search_query, blog.search_text, blog.paired_characters;

do $$
begin
  begin
    if not exists (
      select from pg_catalog.pg_roles
      where rolname = 'blog_app' and rolconfig @> array['plan_cache_mode=force_generic_plan', 'jit=off']
    ) then
      alter role blog_app set plan_cache_mode = force_generic_plan;
      alter role blog_app set jit = off;
    end if;
  exception
    when insufficient_privilege then
      raise warning 'Run as a superuser: alter role blog_app set plan_cache_mode = force_generic_plan; alter role blog_app set jit = off;';
    -- The tuple was concurrently updated: another database of the cluster was first with the same.
    when internal_error then null;
  end;
end
$$;

set local role blog_owner;

create function blog.paired_characters() returns text
language sql immutable parallel safe
as $$
  select '\u3005-\u3007\u3041-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF'
$$;

comment on function blog.paired_characters() is
  'Ideographs, kana and Hangul syllables, for the brackets of a regular expression.';

-- Outside ASCII nothing is left to the locale of the database: where it is C, the parser of PostgreSQL takes every character for a
-- letter. Therefore punctuation becomes a space here, quotes become ", and letters small ones.
create function blog.search_text(source text) returns text
language plpgsql immutable strict parallel safe
as $$
declare
  pair text;
  folded text;
begin
  if source !~ '[^\u0001-\u007F]' then
    return source;
  end if;
  folded := regexp_replace(
    translate(lower(normalize(source, nfkc)), '“”„«»', '"""""'),
    '[\u0080-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7\u2000-\u206F\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u303D-\u303F\u30A0\u30FB\uFE10-\uFE6F]+',
    ' ', 'g'
  );
  pair := blog.paired_characters();
  if folded !~ ('[' || pair || ']') then
    return folded;
  end if;
  -- A comma where such characters touch others; then each inner one closes a pair and opens the next.
  folded := regexp_replace(
    folded,
    '(?<=[^\s",' || pair || '-])(?=[' || pair || '])|(?<=[' || pair || '])(?=[^\s",' || pair || '])',
    ',', 'g'
  );
  return regexp_replace(folded, '(?<=[' || pair || '])([' || pair || '])(?=[' || pair || '])', '\1,\1', 'g');
end
$$;

comment on function blog.search_text(text) is
  'A text ready for the parser: in form KC, and every run of paired characters as its pairs, 東京都 as 東京,京都. A comma separates '
  'words, and websearch_to_tsquery takes words that only commas separate for one phrase.';

create function blog.search_query(words text) returns tsquery
language plpgsql immutable strict parallel safe
as $$
begin
  return regexp_replace(
    websearch_to_tsquery('pg_catalog.simple', blog.search_text(words))::text,
    '''([' || blog.paired_characters() || '])''', '''\1'':*', 'g'
  )::tsquery;
end
$$;

comment on function blog.search_query(text) is
  'What somebody looks for: words, "phrases", or, -not. A paired character alone stands for every pair that begins with it.';

-- What the index can tell without a look at the posts: a phrase becomes its words. A query with a not in it stays as it is: the words of
-- a phrase that must not be there may be there apart.
create function blog.search_candidates(query tsquery) returns tsquery
language sql immutable strict parallel safe
as $$
  select case when query::text like '%!%' then query
    else regexp_replace(query::text, ' <[-0-9]+> ', ' & ', 'g')::tsquery end
$$;

comment on function blog.search_candidates(tsquery) is
  'A query that finds what the given one finds and more, and that the index answers alone: phrases as their words.';

-- Words that only the index needs: #s and the slice of the table that the post is in, 16,384 ids wide, and #a and its author.
-- The parser never makes a word with a #. A search intersects them with the words it looks for inside the index, so what
-- it costs depends on the slices it visits and not on how often a word occurs.
--
-- Calling it takes tens of microseconds: the planner is told, or it would read the newest posts and make their words anew.
--
-- The words, with their positions, must stay below 1 MB, which a legal content of 1 MiB can pass; to_tsvector would refuse it, and
-- with it the post. 65,536 characters stay below it whatever they are (the most: 12 bytes a character, for pairs beyond
-- the basic plane). Words above 2 KB are left out by to_tsvector itself, positions end at 16,383.
create function blog.post_words(id bigint, author_id bigint, title text, content text) returns tsvector
language plpgsql immutable strict parallel safe cost 1000
as $$
declare
  source text := blog.search_text(title || ' ' || left(content, 65536));
  words tsvector := to_tsvector('pg_catalog.simple', left(source, 200000))
    || array_to_tsvector(array['#s' || (id >> 14), '#a' || author_id]);
  pair text := blog.paired_characters();
begin
  if source ~ ('[' || pair || ']') then
    -- The last character of a run begins no pair.
    words := words || strip(to_tsvector('pg_catalog.simple',
      regexp_replace(source, '(?:[' || pair || '],?)*([' || pair || '])|[^' || pair || ']+', ' \1', 'g')));
  end if;
  return words;
end
$$;

comment on function blog.post_words(bigint, bigint, text, text) is
  'What GET /posts?q= finds a post by: the words of the title and of the first 65,536 characters of the content, its slice and its author.';

revoke execute on function blog.paired_characters, blog.search_text, blog.search_query, blog.search_candidates, blog.post_words from public;
grant execute on function blog.paired_characters, blog.search_text, blog.search_query, blog.search_candidates, blog.post_words
to blog_app, blog_readonly;
