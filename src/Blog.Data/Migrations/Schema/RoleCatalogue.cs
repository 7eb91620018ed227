using Npgsql;

namespace Blog.Data.Migrations.Schema;

/// <summary>The four roles: what they may, how their sessions are set, who may act as whom.</summary>
/// <remarks>
/// They belong to the cluster, and so may be others: who else is a member of blog_owner is a matter of the installation. So are passwords.
/// </remarks>
static class RoleCatalogue
{
    const string Four = "('blog_owner', 'blog_migrator', 'blog_app', 'blog_readonly')";

    internal static async Task<IReadOnlyList<SchemaObject>> ReadAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var lines = await connection.ListAsync(
            $"""
            with role as (select * from pg_catalog.pg_roles where rolname in {Four})
            select rolname::text, 1, '', format('alter role %I with %s%s%s', rolname,
              concat_ws(' ',
                case when rolcanlogin then 'login' else 'nologin' end,
                case when rolinherit then 'inherit' else 'noinherit' end,
                case when rolsuper then 'superuser' else 'nosuperuser' end,
                case when rolcreatedb then 'createdb' else 'nocreatedb' end,
                case when rolcreaterole then 'createrole' else 'nocreaterole' end,
                case when rolreplication then 'replication' else 'noreplication' end,
                case when rolbypassrls then 'bypassrls' else 'nobypassrls' end),
              case when rolconnlimit >= 0 then ' connection limit ' || rolconnlimit else '' end,
              coalesce(' valid until ' || quote_literal(rolvaliduntil::text), ''))
            from role
            union all
            -- The options inherit and set exist from 16 on; on 15 every member has what they are there by default.
            select m.rolname::text, 2, g.rolname::text, format('grant %I to %I%s', g.rolname, m.rolname,
              coalesce(' with ' || nullif(concat_ws(', ',
                case when a.admin_option then 'admin option' end,
                case when (to_jsonb(a) ->> 'inherit_option')::boolean <> m.rolinherit then
                  'inherit ' || (to_jsonb(a) ->> 'inherit_option') end,
                case when not (to_jsonb(a) ->> 'set_option')::boolean then 'set false' end), ''), ''))
            from pg_catalog.pg_auth_members a
            join role g on g.oid = a.roleid
            join role m on m.oid = a.member
            union
            select r.rolname::text, 3, c.setting,
              case when s.setdatabase = 0 then format('alter role %I set %s = %s', r.rolname, c.name, c.value)
                -- A name of a database would differ from one to the next.
                else format('do $$ begin execute format(%L, current_database()); end $$',
                  replace(format('alter role %I in database ~database~ set %s = %s', r.rolname, c.name,
                    replace(c.value, '%', '%%')), '~database~', '%I')) end
            from pg_catalog.pg_db_role_setting s
            join role r on r.oid = s.setrole
            cross join lateral (
              select setting, split_part(setting, '=', 1) as name,
                -- These hold lists that are quoted already.
                case when split_part(setting, '=', 1) in (
                    'search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
                  then substr(setting, strpos(setting, '=') + 1)
                  else quote_literal(substr(setting, strpos(setting, '=') + 1)) end as value
              from unnest(s.setconfig) setting
            ) c
            where s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
            """,
            row => (Role: row.GetString(0), Step: row.GetInt32(1), Name: row.GetString(2), Sql: row.GetString(3)),
            cancellationToken
        );
        return
        [
            .. lines
                .GroupBy(line => line.Role, StringComparer.Ordinal)
                .OrderBy(role => Four.IndexOf(role.Key, StringComparison.Ordinal))
                .Select(role => new SchemaObject(
                    "role",
                    role.Key,
                    string.Join(
                        '\n',
                        role.OrderBy(line => line.Step)
                            .ThenBy(line => line.Name, StringComparer.Ordinal)
                            .Select(line => line.Sql + ";")
                    )
                )),
        ];
    }
}
