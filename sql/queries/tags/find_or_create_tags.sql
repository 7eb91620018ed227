-- tags/find_or_create_tags: the tags of these names; those that are not there yet are created.  POST /tags, POST /users/{id}/posts, PUT and PATCH /posts/{id}, PUT and POST /posts/{id}/tags, POST /import/users, blog import users
-- in:      names text[]
-- out:     1 ids of the tags that were created 0..names | 2 tags, one per name, by name
-- budget:  statements 2, rows 2 * names
-- plan:    no seq scan; both modes
-- uses:    tag_name_key
-- needs:   a transaction, read committed, once per transaction, with all its names.
-- why:     two writers that create the same names do so in one order, so neither waits for the other in a circle; the one that
--          waited then reads the other's rows, because statement 2 has a snapshot of its own. The rows stay locked against
--          rename and delete until the links to them are written.
/* tags/find_or_create_tags 1 */
insert into blog.tag (name)
select distinct wanted.name collate "C" as name
from unnest(:names::text[]) as wanted (name)
where not exists (select from blog.tag t where t.name = wanted.name)
order by name
on conflict (name) do nothing
returning id;

/* tags/find_or_create_tags 2 */
select t.name, t.id, t.version
from blog.tag t
where t.name = any(:names::text[])
order by t.name
for key share;
