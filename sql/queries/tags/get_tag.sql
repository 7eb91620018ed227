-- tags/get_tag: one tag.  GET /tags/{id}, also with If-None-Match
-- in:      tagId bigint
-- out:     1 tag 0..1
-- budget:  statements 1, rows 1
-- plan:    no seq scan; both modes
-- uses:    tag_pkey
/* tags/get_tag 1 */
select t.name, t.id, t.version
from blog.tag t
where t.id = :tagId;
