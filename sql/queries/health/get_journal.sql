-- health/get_journal: which migrations this database has.  GET /readyz, GET /migrations
-- in:      nothing
-- out:     1 scripts, in order of their names; no checksum where DbUp applied one and no run has adopted it
-- budget:  statements 1, rows 10000
-- plan:    both modes
/* health/get_journal 1 */
select j.scriptname as script, j.applied, j.checksum
from blog.schemaversions j
order by j.scriptname;
