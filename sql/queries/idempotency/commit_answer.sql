-- idempotency/commit_answer: stores the answer under the key that was claimed, and commits it with what was written.  POST and PATCH with Idempotency-Key
-- in:      scope bytea, status int, headers text (a JSON object), body bytea
-- out:     1 nothing
-- budget:  statements 1, rows 0
-- plan:    no seq scan; both modes
-- uses:    idempotency_key_pkey
-- needs:   the transaction of idempotency/claim_key, which ends here.
-- why:     the commit travels with the last statement, so that a key costs two statements and at most two round trips. Where the
--          statement fails, the server does not come to the commit.
/* idempotency/commit_answer 1 */
update blog.idempotency_key
set status = :status, headers = :headers::jsonb, body = :body
where scope = :scope;

commit;
