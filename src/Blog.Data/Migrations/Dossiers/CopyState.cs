namespace Blog.Data.Migrations.Dossiers;

/// <summary>One table, index, sequence or view of the copy.</summary>
/// <param name="Name">With its schema.</param>
/// <param name="Kind">table, index, sequence or view.</param>
/// <param name="FileNode">Changes when it is written anew; 0 where it has no file.</param>
/// <param name="Table">The table that an index or a sequence belongs to; else its own name.</param>
sealed record CopyRelation(string Name, string Kind, long FileNode, string Table);

/// <summary>What one session sees of the copy between two statements.</summary>
/// <param name="Relations">By oid, without those of the system.</param>
/// <param name="Locks">That the session holds, on any relation.</param>
/// <param name="Rows">By table: rows that it has read and written so far.</param>
/// <param name="Wal">Where the write-ahead log is, in bytes.</param>
sealed record CopyState(
    IReadOnlyDictionary<uint, CopyRelation> Relations,
    IReadOnlySet<(uint Relation, string Mode)> Locks,
    IReadOnlyDictionary<uint, (long Read, long Written)> Rows,
    long Wal
)
{
    /// <summary>Inside a transaction the rows are those of the session; outside, those of all sessions that have ended or flushed.</summary>
    internal static async Task<CopyState> ReadAsync(
        CopySession session,
        bool insideTransaction,
        CancellationToken cancellationToken
    )
    {
        var wal = await session.AskAsync<long>(
            "select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::bigint",
            cancellationToken
        );
        var locks = await LocksAsync(session, session.Pid, cancellationToken);
        if (!insideTransaction)
        {
            // What was counted is written down when the command that follows begins.
            await session.SendAsync("select pg_catalog.pg_stat_force_next_flush()", cancellationToken);
        }

        var rows = await session.ReadAsync(
            $"""
            select relid, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0), n_tup_ins + n_tup_upd + n_tup_del
            from pg_catalog.{(insideTransaction ? "pg_stat_xact_all_tables" : "pg_stat_all_tables")}
            """,
            row => (Table: row.GetFieldValue<uint>(0), Read: row.GetInt64(1), Written: row.GetInt64(2)),
            cancellationToken
        );
        return new(
            await RelationsAsync(session, cancellationToken),
            locks,
            rows.ToDictionary(row => row.Table, row => (row.Read, row.Written)),
            wal
        );
    }

    /// <summary>Every table, index, sequence and view that is not the system's own.</summary>
    internal static async Task<IReadOnlyDictionary<uint, CopyRelation>> RelationsAsync(
        CopySession session,
        CancellationToken cancellationToken
    )
    {
        var relations = await session.ReadAsync(
            """
            select c.oid, n.nspname || '.' || c.relname,
              case when c.relkind in ('i', 'I') then 'index' when c.relkind = 'S' then 'sequence'
                when c.relkind in ('v', 'm') then 'view' else 'table' end,
              coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::bigint,
              coalesce(tn.nspname || '.' || t.relname, n.nspname || '.' || c.relname)
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            left join pg_catalog.pg_index i on i.indexrelid = c.oid
            left join pg_catalog.pg_depend d on c.relkind = 'S' and d.objid = c.oid and d.deptype in ('a', 'i')
              and d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
            left join pg_catalog.pg_class t on t.oid = coalesce(i.indrelid, d.refobjid)
            left join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
              and c.relkind in ('r', 'p', 'm', 'i', 'I', 'S', 'v', 'f')
            """,
            row =>
                (
                    Oid: row.GetFieldValue<uint>(0),
                    Relation: new CopyRelation(row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4))
                ),
            cancellationToken
        );
        return relations.ToDictionary(one => one.Oid, one => one.Relation);
    }

    /// <summary>The locks on relations that a session of this database holds or waits for.</summary>
    internal static async Task<HashSet<(uint Relation, string Mode)>> LocksAsync(
        CopySession session,
        int pid,
        CancellationToken cancellationToken
    ) =>
        [
            .. await session.ReadAsync(
                """
                select l.relation, l.mode
                from pg_catalog.pg_locks l
                where l.pid = $1 and l.locktype = 'relation'
                  and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
                """,
                row => (row.GetFieldValue<uint>(0), row.GetString(1)),
                cancellationToken,
                pid
            ),
        ];
}
