-- 0004_create_tag: tags, which posts carry them, and the epoch of their names.
-- why:   many posts share a tag; a tag is found by its name, its posts by its id, a post's tags by the post.
-- locks: share row exclusive on blog.post for the foreign key, for a moment (the new table is empty).
-- undo:  drop table blog.post_tag; drop table blog.tag_epoch; drop table blog.tag;

set local role blog_owner;

create table blog.tag (
  id bigint generated always as identity,
  name text collate "C" not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tag_pkey primary key (id),
  constraint tag_name_key unique (name),
  constraint tag_name_length check (char_length(name) between 1 and 30)
);

comment on table blog.tag is 'A word that posts share. Tags are found or created by name, never twice.';
comment on column blog.tag.id is 'Identity of the tag; never used again after a delete.';
comment on column blog.tag.name is 'Name, 1 to 30 code points in Unicode normalisation form C, without outer white space; unique by code points.';
comment on column blog.tag.version is 'Moves by one with every rename; part of the ETag.';
comment on column blog.tag.created_at is 'When the tag was created.';
comment on column blog.tag.updated_at is 'When version moved last.';

create table blog.post_tag (
  post_id bigint not null,
  tag_id bigint not null,
  constraint post_tag_pkey primary key (post_id, tag_id),
  constraint post_tag_post_id_fkey foreign key (post_id) references blog.post (id) on delete cascade,
  constraint post_tag_tag_id_fkey foreign key (tag_id) references blog.tag (id) on delete cascade
);

-- The posts of a tag, newest first or last, and the cascade when a tag is deleted.
create index post_tag_tag_id_post_id_idx on blog.post_tag (tag_id, post_id);

comment on table blog.post_tag is 'Which post carries which tag.';
comment on column blog.post_tag.post_id is 'The post; the primary key begins with it, so a post''s tags are one index range.';
comment on column blog.post_tag.tag_id is 'The tag.';

create table blog.tag_epoch (
  only_row boolean not null default true,
  epoch bigint not null,
  constraint tag_epoch_pkey primary key (only_row),
  constraint tag_epoch_only_row check (only_row)
);

insert into blog.tag_epoch (epoch) values (1);

comment on table blog.tag_epoch is 'One row: a rename, merge or delete of any tag moves it, instead of touching every post that carries the tag.';
comment on column blog.tag_epoch.only_row is 'Always true: there is one row.';
comment on column blog.tag_epoch.epoch is 'Part of the ETag of whatever shows tag names.';
