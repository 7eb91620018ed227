-- operate/find_statistics: where the extension that counts statements is, and puts that schema on the path until commit.  GET /sql, GET /sql/audit, blog sql audit, blog sql list --calls
-- in:      nothing
-- out:     1 the schema 1; null where the extension is not installed in this database
-- budget:  statements 1, rows 1
-- plan:    reads catalogues of the server only
-- needs:   a transaction, in which operate/get_statistics follows.
-- why:     the extension may be installed in any schema.
/* operate/find_statistics 1 */
select
  n.nspname::text as extension_schema,
  set_config('search_path', 'pg_catalog' || coalesce(', ' || quote_ident(n.nspname), ''), true) as search_path
from (select 'pg_stat_statements' as name) wanted
left join pg_catalog.pg_extension e on e.extname = wanted.name
left join pg_catalog.pg_namespace n on n.oid = e.extnamespace;
