-- 0007_create_idempotency: which writes were sent with an Idempotency-Key, and what each was answered with.
-- why:   a client that has lost an answer sends the write again; it is done once, and answered with the same bytes.
-- locks: none that anybody could wait for; the table is new.
-- undo:  drop table blog.idempotency_key;

set local role blog_owner;

create table blog.idempotency_key (
  scope bytea not null,
  fingerprint bytea not null,
  status int,
  headers jsonb,
  body bytea,
  expires_at timestamptz not null,
  constraint idempotency_key_pkey primary key (scope)
);

-- What is over, oldest first: blog idempotency clear.
create index idempotency_key_expires_at_idx on blog.idempotency_key (expires_at);

comment on table blog.idempotency_key is 'A write that was sent with an Idempotency-Key, and its answer; committed together with what the write did.';
comment on column blog.idempotency_key.scope is 'SHA-256 of principal, method, path, query and key: two requests of one scope are one write.';
comment on column blog.idempotency_key.fingerprint is 'SHA-256 of what was sent: the content type, whether a body was wanted in the answer, and the body.';
comment on column blog.idempotency_key.status is 'HTTP status of the answer, a success; null only inside the transaction that is doing the write.';
comment on column blog.idempotency_key.headers is 'Headers of the answer by name, those that every answer has left out; null as status is.';
comment on column blog.idempotency_key.body is 'Body of the answer, byte for byte, empty where it had none; null as status is.';
comment on column blog.idempotency_key.expires_at is 'From when on the row counts as absent, 24 hours after the write; it is deleted some time later.';
