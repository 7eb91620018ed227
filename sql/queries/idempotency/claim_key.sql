-- idempotency/claim_key: takes a key for the transaction that is about to write, or says what was answered under it.  POST and PATCH with Idempotency-Key
-- in:      scope bytea, fingerprint bytea, lockKey int (the first four bytes of scope)
-- out:     1 the key 0..1; nothing where another transaction has it, status null where it is the caller's now, else what was answered
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    idempotency_key_pkey
-- needs:   a transaction, read committed, and to be the first statement in it.
-- why:     the lock says at once that another is at it, where an insert alone would wait for that one. The insert says what was
--          answered, also by one that committed after this statement had begun: a conflict is decided by the row that is there,
--          not by the snapshot, so a key that has an answer is never taken again (decision 0011).
-- note:    1231316333 is "Idem" in ASCII, a class of advisory locks of its own. Where two scopes share their first four bytes, one
--          is told that the other is at it.
/* idempotency/claim_key 1 */
insert into blog.idempotency_key as k (scope, fingerprint, expires_at)
select :scope, :fingerprint, now() + interval '24 hours'
where pg_try_advisory_xact_lock(1231316333, :lockKey)
on conflict (scope) do update
set fingerprint = case when k.expires_at > now() then k.fingerprint else excluded.fingerprint end,
    status = case when k.expires_at > now() then k.status end,
    headers = case when k.expires_at > now() then k.headers end,
    body = case when k.expires_at > now() then k.body end,
    expires_at = case when k.expires_at > now() then k.expires_at else excluded.expires_at end
returning k.fingerprint, k.status, k.headers::text as headers, k.body;
