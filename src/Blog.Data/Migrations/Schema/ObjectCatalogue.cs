using Npgsql;

namespace Blog.Data.Migrations.Schema;

/// <summary>Everything of the schema that is neither a table nor an index: most of it we do not have, and would be seen if somebody made it.</summary>
static class ObjectCatalogue
{
    /// <summary>What others may be made of.</summary>
    static readonly string[] first =
    [
        "extension",
        "type",
        "domain",
        "sequence",
        "function",
        "procedure",
        "view",
        "materialized_view",
    ];

    /// <summary>One row an object: kind, name, what it belongs to, and its statements with nulls for those that it does not need.</summary>
    const string BeforeTables = $"""
        select 'extension', quote_ident(e.extname), null, array[
          format('create extension %I with schema blog', e.extname)]
        from pg_catalog.pg_extension e
        where e.extnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
        union all
        select case t.typtype when 'd' then 'domain' else 'type' end, t.oid::regtype::text, null, array[
          case t.typtype
            when 'e' then format('create type %s as enum (%s)', t.oid::regtype, (
              select string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder)
              from pg_catalog.pg_enum l where l.enumtypid = t.oid))
            when 'd' then concat_ws(' ', 'create domain', t.oid::regtype, 'as', format_type(t.typbasetype, t.typtypmod),
              'default ' || t.typdefault, case when t.typnotnull then 'not null' end, (
                select string_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid, true)), ' '
                  order by k.conname collate "C")
                from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c'))
            when 'r' then format('create type %s as range (subtype = %s)', t.oid::regtype, (
              select format_type(g.rngsubtype, null) from pg_catalog.pg_range g where g.rngtypid = t.oid))
            when 'c' then format('create type %s as (%s)', t.oid::regtype, (
              select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
              from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
            else format('create type %s', t.oid::regtype) end,
          format('alter type %s owner to %s', t.oid::regtype, t.typowner::regrole),
          'comment on type ' || t.oid::regtype || ' is ' || quote_literal(obj_description(t.oid, 'pg_type'))]
        from pg_catalog.pg_type t
        left join pg_catalog.pg_class r on r.oid = t.typrelid
        where t.typnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
          -- A table is a type too, and each type has one of arrays, each range one of its sets.
          and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and r.relkind = 'c') or (t.typtype = 'b' and t.typelem = 0))
          and not exists (
            select from pg_catalog.pg_depend d
            where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
        union all
        -- Those of identities and of serial columns are said by the columns.
        select 'sequence', c.oid::regclass::text, null, array[
          format('create sequence %s as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s', c.oid::regclass,
            format_type(q.seqtypid, null), q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
            case when q.seqcycle then ' cycle' else '' end),
          format('alter sequence %s owner to %s', c.oid::regclass, c.relowner::regrole),
          'comment on sequence ' || c.oid::regclass || ' is ' || quote_literal(obj_description(c.oid, 'pg_class'))]
        from pg_catalog.pg_class c
        join pg_catalog.pg_sequence q on q.seqrelid = c.oid
        where {TableCatalogue.Own} and not exists (
          select from pg_catalog.pg_depend d
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
            and d.deptype in ('a', 'i'))
        """;

    const string AfterTables = $"""
        select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.oid::regprocedure::text, null,
          array[
            case when p.prokind = 'a' then (
                select format('create aggregate %s (sfunc = %s, stype = %s)', p.oid::regprocedure, g.aggtransfn, g.aggtranstype::regtype)
                from pg_catalog.pg_aggregate g where g.aggfnoid = p.oid)
              else rtrim(pg_get_functiondef(p.oid), E'\n') end,
            format('alter routine %s owner to %s', p.oid::regprocedure, p.proowner::regrole),
            'comment on routine ' || p.oid::regprocedure || ' is ' || quote_literal(obj_description(p.oid, 'pg_proc'))]
        from pg_catalog.pg_proc p
        where p.pronamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
          and not exists (
            select from pg_catalog.pg_depend d
            where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))
        union all
        select case c.relkind when 'v' then 'view' else 'materialized_view' end, c.oid::regclass::text, null, array[
          format('create %s %s%s as %s', case c.relkind when 'v' then 'view' else 'materialized view' end, c.oid::regclass,
            ' with (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid, true), ';')),
          format('alter table %s owner to %s', c.oid::regclass, c.relowner::regrole),
          case c.relkind when 'v' then 'comment on view ' else 'comment on materialized view ' end || c.oid::regclass || ' is ' || quote_literal(obj_description(c.oid, 'pg_class')),
          (select string_agg(format('comment on column %s.%I is %L', c.oid::regclass, a.attname, col_description(c.oid, a.attnum)),
              E';\n' order by a.attnum)
            from pg_catalog.pg_attribute a where a.attrelid = c.oid and col_description(c.oid, a.attnum) is not null)]
        from pg_catalog.pg_class c
        where c.relkind in ('v', 'm') and {TableCatalogue.Own}
        union all
        select 'trigger', quote_ident(t.tgname), 'table ' || c.oid::regclass, array[
          pg_get_triggerdef(t.oid, true),
          case t.tgenabled when 'O' then null else format('alter table %s %s trigger %I', c.oid::regclass,
            case t.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, t.tgname) end,
          format('comment on trigger %I on %s is ', t.tgname, c.oid::regclass) || quote_literal(obj_description(t.oid, 'pg_trigger'))]
        from pg_catalog.pg_trigger t
        join pg_catalog.pg_class c on c.oid = t.tgrelid
        where not t.tgisinternal and {TableCatalogue.Own}
        union all
        select 'policy', quote_ident(p.polname), 'table ' || c.oid::regclass, array[
          concat_ws(' ', format('create policy %I on %s as %s for %s to %s', p.polname, c.oid::regclass,
              case when p.polpermissive then 'permissive' else 'restrictive' end,
              case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end, (
                select string_agg(case role when 0 then 'public' else role::regrole::text end, ', ' order by role::regrole::text collate "C")
                from unnest(p.polroles) role)),
            'using (' || pg_get_expr(p.polqual, p.polrelid, true) || ')',
            'with check (' || pg_get_expr(p.polwithcheck, p.polrelid, true) || ')')]
        from pg_catalog.pg_policy p
        join pg_catalog.pg_class c on c.oid = p.polrelid
        where {TableCatalogue.Own}
        union all
        select 'rule', quote_ident(r.rulename), 'table ' || c.oid::regclass, array[rtrim(pg_get_ruledef(r.oid, true), ';')]
        from pg_catalog.pg_rewrite r
        join pg_catalog.pg_class c on c.oid = r.ev_class
        where r.rulename <> '_RETURN' and {TableCatalogue.Own}
        union all
        select 'statistics', quote_ident(s.stxname), 'table ' || s.stxrelid::regclass, array[pg_get_statisticsobjdef(s.oid)]
        from pg_catalog.pg_statistic_ext s
        where s.stxnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
        union all
        -- Operators, collations, configurations of search and whatever else a schema may hold: that they are there.
        select replace(i.type, ' ', '_'), i.identity, null, array['/* how it was made is not said here */']
        from pg_catalog.pg_depend d
        cross join lateral pg_identify_object(d.classid, d.objid, 0) i
        where d.refclassid = 'pg_namespace'::regclass
          and d.refobjid = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
          and d.classid not in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_statistic_ext'::regclass,
            'pg_default_acl'::regclass, 'pg_extension'::regclass, 'pg_constraint'::regclass)
        """;

    internal static Task<IReadOnlyList<SchemaObject>> ReadBeforeTablesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => ReadAsync(connection, BeforeTables, cancellationToken);

    internal static Task<IReadOnlyList<SchemaObject>> ReadAfterTablesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => ReadAsync(connection, AfterTables, cancellationToken);

    static async Task<IReadOnlyList<SchemaObject>> ReadAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken
    )
    {
        var objects = await connection.ListAsync(
            sql,
            row => new SchemaObject(
                row.GetString(0),
                row.GetString(1),
                string.Join('\n', row.GetFieldValue<string?[]>(3).OfType<string>().Select(one => Lowered.Of(one) + ";"))
            )
            {
                On = row.TextOrNull(2),
            },
            cancellationToken
        );
        return
        [
            .. objects
                .OrderBy(one => Array.IndexOf(first, one.Kind) is >= 0 and var place ? place : first.Length)
                .ThenBy(one => one.Kind, StringComparer.Ordinal)
                .ThenBy(one => one.Name, StringComparer.Ordinal)
                .ThenBy(one => one.On, StringComparer.Ordinal),
        ];
    }
}
