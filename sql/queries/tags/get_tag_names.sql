-- tags/get_tag_names: the names of tags that are known by their ids alone, and the epoch that the names are of.  behind a read that met tags whose names the service did not know
-- in:      tagIds bigint[] (each once)
-- out:     1 the tag epoch, and with each tag its id and its name 1..tagIds; one row without a tag where none of them is there
-- budget:  statements 1, rows 1 + tagIds
-- plan:    no seq scan; both modes
-- uses:    tag_pkey
-- why:     names change only when the epoch moves, and ids are never given twice: what was read at an epoch is true for all of it
--          (decision 0018).
/* tags/get_tag_names 1 */
select e.epoch, t.id, t.name
from blog.tag_epoch e
left join unnest(:tagIds::bigint[]) as wanted (id) on true
left join lateral (select t.id, t.name from blog.tag t where t.id = wanted.id offset 0) t on true;
