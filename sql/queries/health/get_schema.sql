-- health/get_schema: what this database has, and what the role of the session may do with it, as the statements of the service need it.  GET /readyz
-- in:      nothing
-- out:     1 facts, by kind and name
-- budget:  statements 1, rows 20000
-- plan:    reads catalogues of the server only
-- why:     xmax is the one system column that a statement reads, users/put_profile.
-- note:    kinds are column (its type), index (valid or invalid), select, insert and update (a column), delete (a table),
--          execute (a function), usage (a sequence, or the schema)
--          and setting (its value in this session). A right stands there where the role
--          has it, by whatever way.
/* health/get_schema 1 */
with object as (
  select c.oid, c.relname, c.relkind
  from pg_catalog.pg_class c
  where c.relnamespace = 'blog'::regnamespace
),
field as (
  select o.oid, a.attnum, o.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type
  from object o
  join pg_catalog.pg_attribute a on a.attrelid = o.oid
  where o.relkind in ('r', 'p') and (a.attnum > 0 or a.attname = 'xmax') and not a.attisdropped
)
select 'column' as kind, f.name, f.type as state
from field f
union all
select verb.name, f.name, ''
from field f
cross join (values ('select'), ('insert'), ('update')) verb (name)
where has_column_privilege(f.oid, f.attnum, verb.name)
union all
select 'delete', o.relname, ''
from object o
where o.relkind in ('r', 'p') and has_table_privilege(o.oid, 'delete')
union all
select 'index', o.relname, case when i.indisvalid then 'valid' else 'invalid' end
from object o
join pg_catalog.pg_index i on i.indexrelid = o.oid
union all
select 'usage', o.relname, ''
from object o
where case when o.relkind = 'S' then has_sequence_privilege(o.oid, 'usage') end
union all
select 'usage', n.nspname, ''
from pg_catalog.pg_namespace n
where n.nspname = 'blog' and has_schema_privilege(n.oid, 'usage')
union all
select 'execute', p.proname, ''
from pg_catalog.pg_proc p
where p.pronamespace = 'blog'::regnamespace and has_function_privilege(p.oid, 'execute')
union all
select 'setting', 'plan_cache_mode', current_setting('plan_cache_mode')
order by kind, name;
