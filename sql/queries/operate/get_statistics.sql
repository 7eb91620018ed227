-- operate/get_statistics: what pg_stat_statements has counted for one role in this database, and since when.  GET /sql, GET /sql/audit, blog sql audit, blog sql list --calls
-- in:      roleName text
-- out:     1 statements by identifier 0..all; the identifier is null where this role may not see what the other one sent | 2 since when 1; null where that is not known
-- budget:  statements 2, rows 1000000 + 1
-- plan:    reads all of pg_stat_statements, which is memory of the server, at most pg_stat_statements.max rows
-- needs:   operate/find_statistics before it in the transaction; to see what another role sent, membership in pg_monitor; of the
--          extension version 1.9, which is that of PostgreSQL 14.
/* operate/get_statistics 1 */
select
  s.queryid, min(s.query) as query, sum(s.calls)::bigint as calls, sum(s.total_exec_time) as total_ms,
  sum(s.rows)::bigint as rows, sum(s.shared_blks_hit)::bigint as blocks_hit, sum(s.shared_blks_read)::bigint as blocks_read
from pg_stat_statements s
join pg_catalog.pg_roles r on r.oid = s.userid
join pg_catalog.pg_database d on d.oid = s.dbid
where r.rolname = :roleName and d.datname = current_database()
group by s.queryid
order by s.queryid;

/* operate/get_statistics 2 */
select i.stats_reset as since from pg_stat_statements_info i;
