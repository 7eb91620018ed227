-- operate/list_objects: what the schema of the blog is made of, with the numbers that the server knows it by.  blog sql footprint --derive
-- in:      nothing
-- out:     1 columns of tables, those of the system too (number below 0), by table and number | 2 functions, by name | 3 functions that an index of a table calls, by table and name
-- budget:  statements 3, rows 20000
-- plan:    reads catalogues of the server only
/* operate/list_objects 1 */
select
  c.oid::bigint as table_id, a.attnum::int as number, c.relname::text as table_name, a.attname::text as name,
  format_type(a.atttypid, a.atttypmod) as type
from pg_catalog.pg_class c
join pg_catalog.pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'blog'::regnamespace and c.relkind in ('r', 'p') and not a.attisdropped
order by c.relname, a.attnum;

/* operate/list_objects 2 */
select p.proname::text as name, p.prosrc as body
from pg_catalog.pg_proc p
where p.pronamespace = 'blog'::regnamespace
order by p.proname;

/* operate/list_objects 3 */
select distinct t.relname::text as table_name, p.proname::text as function_name
from pg_catalog.pg_depend d
join pg_catalog.pg_index i on i.indexrelid = d.objid
join pg_catalog.pg_class t on t.oid = i.indrelid
join pg_catalog.pg_proc p on p.oid = d.refobjid
where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_proc'::regclass
  and t.relnamespace = 'blog'::regnamespace and p.pronamespace = 'blog'::regnamespace
order by 1, 2;
