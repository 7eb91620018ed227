-- 0003_create_post: what a user publishes.
-- why:   the posts of the graph; read by author, in id order.
-- locks: share row exclusive on blog.users for the foreign key, for a moment (the new table is empty).
-- undo:  drop table blog.post;

set local role blog_owner;

create table blog.post (
  id bigint generated always as identity,
  author_id bigint not null,
  title text not null,
  content text not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint post_pkey primary key (id),
  constraint post_author_id_fkey foreign key (author_id) references blog.users (id) on delete cascade,
  constraint post_title_length check (char_length(title) between 1 and 100),
  constraint post_content_size check (octet_length(content) <= 1048576)
);

-- The posts of one author in id order, and the cascade when the author is deleted: GET /users/{id}.
create index post_author_id_id_idx on blog.post (author_id, id);

comment on table blog.post is 'A post of the blog, written by one user.';
comment on column blog.post.id is 'Identity of the post; a higher id is a newer post.';
comment on column blog.post.author_id is 'The user who wrote it.';
comment on column blog.post.title is 'Title, 1 to 100 code points in Unicode normalisation form C.';
comment on column blog.post.content is 'Text as sent, at most 1 MiB of UTF-8; may be empty.';
comment on column blog.post.version is 'Moves by one with every change of the post or its tag links; part of the ETag.';
comment on column blog.post.created_at is 'When the post was created.';
comment on column blog.post.updated_at is 'When version moved last.';
