-- 0006_index_post_words: the index under GET /posts?q=.
-- migrate: no-transaction
-- why:   built without stopping writes. Without a pending list (fastupdate): a search visits the index once a slice, and would read the
--        whole list each time.
-- locks: share update exclusive on blog.post: reads and writes go on.
-- undo:  drop index concurrently blog.post_words_idx;
create index concurrently post_words_idx on blog.post
using gin (blog.post_words(id, author_id, title, content)) with (fastupdate = off);
