-- tags/rename_tag: gives a tag the name that was claimed for it.  PUT /tags/{id}
-- in:      tagId bigint, name text, versions bigint[] or null (null: whatever the version is)
-- out:     1 the tag 0..1; nothing where it does not exist or has another version
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_pkey; the cascade from the claim uses post_tag_tag_id_post_id_idx
-- needs:   the transaction of tags/claim_tag_name.
-- note:    the update reads from the delete, so the claim has left the index when the name comes in.
/* tags/rename_tag 1 */
with claim as (
  delete from blog.tag c
  where c.id = 0
  returning c.id
)
update blog.tag t
set name = :name, version = t.version + 1, updated_at = now()
from claim
where t.id = :tagId and (:versions::bigint[] is null or t.version = any(:versions::bigint[]))
returning t.name, t.id, t.version;
