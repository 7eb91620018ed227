-- idempotency/clear_expired_keys: deletes keys that are past their 24 hours, the oldest first, some at a time.  blog idempotency clear
-- in:      batchSize int
-- out:     1 nothing; the affected count says how many were deleted
-- budget:  statements 1, rows 0
-- plan:    no seq scan; both modes
-- uses:    idempotency_key_expires_at_idx, idempotency_key_pkey
-- note:    a key that is just being taken again is passed over: it is no longer expired when that is committed.
/* idempotency/clear_expired_keys 1 */
delete from blog.idempotency_key k
where k.scope = any(array(
  select expired.scope
  from blog.idempotency_key expired
  where expired.expires_at <= now()
  order by expired.expires_at, expired.scope
  limit :batchSize
  for update skip locked
));
