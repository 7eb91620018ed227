using Npgsql;

namespace Blog.Data.Migrations.Schema;

/// <summary>Who may do what, where it differs from what an object grants by itself.</summary>
/// <remarks>
/// Compared with the defaults of the same server, an owner's MAINTAIN, which exists from 17 on, is a default and not a difference. Who granted
/// a right is left out: it changes nothing about what may be done.
/// </remarks>
static class RightsCatalogue
{
    const string OfObjects = $"""
        with place as (
          select 1 as step, 'schema' as kind, n.nspname::text as name, 'schema ' || n.nspname as target, n.oid as relation,
            n.nspacl as acl, acldefault('n', n.nspowner) as base
          from pg_catalog.pg_namespace n where n.nspname = 'blog'
          union all
          select case c.relkind when 'S' then 3 else 2 end, case c.relkind when 'S' then 'sequence' else 'table' end,
            c.oid::regclass::text, case c.relkind when 'S' then 'sequence ' else '' end || c.oid::regclass, c.oid, c.relacl,
            acldefault(case c.relkind when 'S' then 's'::"char" else 'r'::"char" end, c.relowner)
          from pg_catalog.pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and {TableCatalogue.Own}
          union all
          select 4, case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure::text,
            case p.prokind when 'p' then 'procedure ' else 'function ' end || p.oid::regprocedure, p.oid, p.proacl,
            acldefault('f', p.proowner)
          from pg_catalog.pg_proc p
          where p.pronamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
            and not exists (
              select from pg_catalog.pg_depend d
              where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))
          union all
          select 5, 'type', t.oid::regtype::text, 'type ' || t.oid::regtype, t.oid, t.typacl, acldefault('T', t.typowner)
          from pg_catalog.pg_type t
          where t.typnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog') and t.typacl is not null
          union all
          select 0, 'database', '', 'database', d.oid, d.datacl, acldefault('d', d.datdba)
          from pg_catalog.pg_database d where d.datname = current_database()
        )
        select p.step, p.kind, p.name, p.target, a.verb,
          case a.grantee when 0 then 'public' else a.grantee::regrole::text end, lower(a.privilege_type), a.attribute, a.is_grantable
        from place p
        cross join lateral (
          select 'grant' as verb, null as attribute, g.* from (
            select grantee, privilege_type, is_grantable from aclexplode(coalesce(p.acl, p.base))
            except select grantee, privilege_type, is_grantable from aclexplode(p.base)) g
          union all
          select 'revoke', null, r.* from (
            select grantee, privilege_type, is_grantable from aclexplode(p.base)
            except select grantee, privilege_type, is_grantable from aclexplode(coalesce(p.acl, p.base))) r
          union
          -- Columns of the system among them: xmax.
          select 'grant', quote_ident(a.attname), x.grantee, x.privilege_type, x.is_grantable
          from pg_catalog.pg_attribute a
          cross join lateral aclexplode(a.attacl) x
          where p.kind = 'table' and a.attrelid = p.relation and not a.attisdropped
        ) a
        -- Who else may connect to a database is a matter of the installation.
        where p.kind <> 'database' or a.grantee = 0
          or a.grantee::regrole::text in ('blog_owner', 'blog_migrator', 'blog_app', 'blog_readonly')
        """;

    const string Defaults = """
        select d.defaclrole::regrole::text, a.verb,
          case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
            else 'schemas' end,
          case a.grantee when 0 then 'public' else a.grantee::regrole::text end, lower(a.privilege_type), a.is_grantable,
          d.defaclnamespace <> 0
        from pg_catalog.pg_default_acl d
        -- Those of a schema come on top of the defaults; those of a role replace them.
        cross join lateral (
          select case when d.defaclnamespace = 0
            then acldefault(case d.defaclobjtype when 'S' then 's'::"char" else d.defaclobjtype end, d.defaclrole)
            else null end as base
        ) b
        cross join lateral (
          select 'grant' as verb, g.* from (
            select grantee, privilege_type, is_grantable from aclexplode(d.defaclacl)
            except select grantee, privilege_type, is_grantable from aclexplode(b.base)) g
          union all
          select 'revoke', r.* from (
            select grantee, privilege_type, is_grantable from aclexplode(b.base)
            except select grantee, privilege_type, is_grantable from aclexplode(d.defaclacl)) r
        ) a
        where d.defaclnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog')
          or (d.defaclnamespace = 0 and d.defaclrole::regrole::text in ('blog_owner', 'blog_migrator'))
        """;

    internal static async Task<IReadOnlyList<SchemaObject>> ReadAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var rights = await ReadRowsAsync(connection, cancellationToken);
        return
        [
            .. rights
                .GroupBy(right => (right.Step, right.Kind, right.Name))
                .OrderBy(place => place.Key.Step)
                .ThenBy(place => place.Key.Name, StringComparer.Ordinal)
                .Select(place => RightsText.Of([.. place])),
        ];
    }

    /// <summary>In no order.</summary>
    internal static Task<IReadOnlyList<RightRow>> ReadRowsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) =>
        connection.ListAsync(
            OfObjects,
            row => new RightRow(
                row.GetInt32(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetString(6),
                row.TextOrNull(7),
                row.GetBoolean(8)
            ),
            cancellationToken
        );

    internal static async Task<IReadOnlyList<SchemaObject>> ReadDefaultsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var lines = await connection.ListAsync(
            Defaults,
            row =>
                (
                    Role: row.GetString(0),
                    Line: $"alter default privileges for role {row.GetString(0)}{(row.GetBoolean(6) ? " in schema blog" : "")} "
                        + $"{row.GetString(1)} {row.GetString(4)} on {row.GetString(2)} {(row.GetString(1) == "grant" ? "to" : "from")} "
                        + $"{row.GetString(3)}{(row.GetBoolean(5) ? " with grant option" : "")};"
                ),
            cancellationToken
        );
        return
        [
            .. lines
                .GroupBy(line => line.Role, line => line.Line, StringComparer.Ordinal)
                .OrderBy(role => role.Key, StringComparer.Ordinal)
                .Select(role => new SchemaObject(
                    "defaults",
                    role.Key,
                    string.Join('\n', role.Order(StringComparer.Ordinal))
                )),
        ];
    }
}

/// <summary>One right that is granted, or one that comes by itself and was taken away.</summary>
/// <param name="Step">In which order objects are made.</param>
/// <param name="Kind">Of the object.</param>
/// <param name="Name">Of the object; empty for the database.</param>
/// <param name="Target">The object as GRANT names it.</param>
/// <param name="Verb">grant or revoke.</param>
/// <param name="Grantee">The role, or public.</param>
/// <param name="Privilege">In small letters.</param>
/// <param name="Column">Null where it is on the whole.</param>
/// <param name="Grantable">Whether the grantee may grant it to others.</param>
sealed record RightRow(
    int Step,
    string Kind,
    string Name,
    string Target,
    string Verb,
    string Grantee,
    string Privilege,
    string? Column,
    bool Grantable
);
