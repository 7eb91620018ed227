-- health/get_journal: which migrations this database has.  GET /readyz
-- in:      nothing
-- out:     1 script names, in order
-- budget:  statements 1, rows 10000
-- plan:    both modes
/* health/get_journal 1 */
select j.scriptname
from blog.schemaversions j
order by j.scriptname;
