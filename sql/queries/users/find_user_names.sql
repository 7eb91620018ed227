-- users/find_user_names: which of these names some user already has.  blog import users --skip-existing
-- in:      names text[]
-- out:     1 names 0..names, each once
-- budget:  statements 1, rows names
-- plan:    no seq scan; both modes
-- uses:    users_name_id_idx
/* users/find_user_names 1 */
select wanted.name
from unnest(:names::text[]) as wanted (name)
where exists (select from blog.users u where u.name = wanted.name)
group by wanted.name
order by wanted.name;
