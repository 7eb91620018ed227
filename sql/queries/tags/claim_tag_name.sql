-- tags/claim_tag_name: moves the epoch, claims the new name of a tag, and says what is there.  PUT /tags/{id}
-- in:      tagId bigint, name text
-- out:     1 the new epoch 1 | 2 the claim 0..1, only where the tag exists and no tag has the name
--          | 3 the tag itself and whoever has the name 0..2, by id
-- budget:  statements 3, rows 4
-- plan:    no seq scan; both modes
-- uses:    tag_pkey, tag_name_key
-- needs:   a transaction, read committed, that is rolled back unless tags/rename_tag follows.
-- why:     the row of the epoch is taken first: renames, merges and deletes of tags go one after the other, so what statement 3
--          reads stays true. The claim is a tag that never is committed: it takes its place in the index of names before any tag is
--          locked, as every writer of links does (see decision 0007), and waits there for a writer that is creating the same name.
-- note:    no tag has the id 0, and as one rename follows another no other claim has it either.
/* tags/claim_tag_name 1 */
update blog.tag_epoch e
set epoch = e.epoch + 1
returning e.epoch;

/* tags/claim_tag_name 2 */
insert into blog.tag (id, name)
overriding system value
select 0, :name
where exists (select from blog.tag t where t.id = :tagId)
  and not exists (select from blog.tag t where t.name = :name)
on conflict (name) do nothing
returning id;

/* tags/claim_tag_name 3 */
select t.name, t.id, t.version
from blog.tag t
where t.id = :tagId or t.name = :name
order by t.id;
