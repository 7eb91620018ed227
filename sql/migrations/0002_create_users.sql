-- 0002_create_users: who writes the blog, and the one profile a user may have.
-- why:   the root of the graph that GET /users/{id} answers with.
-- locks: none that anybody could wait for; the tables are new.
-- undo:  drop table blog.profile; drop table blog.users;

set local role blog_owner;

-- Named users because user is reserved: "select * from user" answers with the current role.
create table blog.users (
  id bigint generated always as identity,
  name text collate "C" not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_name_length check (char_length(name) between 1 and 50)
);

-- Users by name, exact or by prefix, in code-point order: blog import --skip-existing.
create index users_name_id_idx on blog.users (name, id);

comment on table blog.users is 'An author of the blog. Deleting one deletes the profile and the posts.';
comment on column blog.users.id is 'Identity of the user; never used again after a delete.';
comment on column blog.users.name is 'Display name, 1 to 50 code points in Unicode normalisation form C; not unique.';
comment on column blog.users.version is 'Moves by one with every change of the user, the profile, the posts or their tags; part of the ETag.';
comment on column blog.users.created_at is 'When the user was created.';
comment on column blog.users.updated_at is 'When version moved last.';

create table blog.profile (
  id bigint generated always as identity,
  user_id bigint not null,
  bio text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profile_pkey primary key (id),
  constraint profile_user_id_key unique (user_id),
  constraint profile_user_id_fkey foreign key (user_id) references blog.users (id) on delete cascade,
  constraint profile_bio_length check (char_length(bio) between 1 and 200)
);

comment on table blog.profile is 'What a user says about themselves; a user has one or none.';
comment on column blog.profile.id is 'Identity of the profile.';
comment on column blog.profile.user_id is 'The user it belongs to; unique, and its index serves the cascade.';
comment on column blog.profile.bio is 'Free text, 1 to 200 code points in Unicode normalisation form C.';
comment on column blog.profile.created_at is 'When the profile was created.';
comment on column blog.profile.updated_at is 'When bio was written last.';
