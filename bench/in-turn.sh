# shellcheck shell=bash
# Sourced by bench/settings and bench/cost: services that run at once on one private PostgreSQL that is thrown away, 10,000 users with 10
# posts each, and are loaded in turn by 16 clients, so that whatever else the machine does meets all of them.
# Sets scratch, a folder; url, by the name of a service; and server, the beginning of a connection string.
for tool in wrk curl psql; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed." >&2; exit 69; }
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
users=10000
scratch=$(mktemp -d)
chmod 755 "$scratch"
declare -A process url
trap 'kill "${process[@]}" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
export DOTNET_NOLOGO=1 Logging__LogLevel__Default=Warning

say() { echo "== $*" >&2; }

publish() { # projects...: to $scratch, each under its own name
    local project
    say "building"
    for project in "$@"; do
        dotnet publish "$project" -c Release -v quiet -o "$scratch/${project##*/}" >&2
    done
}

serve() { # name, program
    local name=$1
    dotnet "$2" --urls http://127.0.0.1:0 --Logging:LogLevel:Microsoft.Hosting.Lifetime=Information >"$scratch/$name.log" 2>&1 &
    process[$name]=$!
    until url[$name]=$(grep -oE 'http://127\.0\.0\.1:[1-9][0-9]*' "$scratch/$name.log" | head -1) &&
        curl -fs -o "$scratch/answer" "${url[$name]}/users?limit=1"; do
        kill -0 "${process[$name]}" 2>/dev/null || { cat "$scratch/$name.log" >&2; exit 1; }
        sleep 0.2
    done
}

fill() { # starts PostgreSQL with a service that is not measured, and stores the users
    local data
    say "$users users"
    export BLOG_DATA_DIR=$scratch/data
    mkdir "$BLOG_DATA_DIR"
    ASPNETCORE_ENVIRONMENT=Development Admin__Urls='' serve first "$scratch/Blog.Api/Blog.Api.dll"
    data=$(echo "$BLOG_DATA_DIR"/pg*)
    mapfile -t postmaster <"$data/data/postmaster.pid"
    PGPASSWORD=$(<"$data/password")
    server="Host=${postmaster[4]};Port=${postmaster[3]};Database=blog;Username=blog_app;Password=$PGPASSWORD"
    dotnet "$scratch/Blog.Cli/blog.dll" seed - --users "$users" --posts 10 |
        curl -fsS -X POST -T - -H 'Content-Type: application/x-ndjson' "${url[first]}/import/users?mode=lines" -o "$scratch/answers"
    [[ $(grep -c '"status":201' "$scratch/answers") == "$users" ]] || { say "not all users were stored"; exit 1; }
    PGPASSWORD=$PGPASSWORD psql -qX -h "${postmaster[4]}" -p "${postmaster[3]}" -U postgres blog -c 'vacuum analyze'
    export ASPNETCORE_ENVIRONMENT=Production Admin__Urls=''
}

# User and system time in ticks of 10 ms: of a service, and of PostgreSQL with all that it has started.
ticks() { awk '{ print $14 + $15 }' "/proc/${process[$1]}/stat"; }
ticks_of_postgres() {
    local of
    for of in $(pgrep -P "${postmaster[0]}") "${postmaster[0]}"; do
        awk '{ print $14 + $15 }' "/proc/$of/stat" 2>/dev/null || true
    done | awk '{ all += $1 } END { print all }'
}

cat >"$scratch/load.lua" <<'LUA'
local path, users = os.getenv("path"), tonumber(os.getenv("users"))
request = function()
    return wrk.format("GET", (path:gsub("ID", math.random(users))))
end
LUA

load() { # name, path, seconds: requests a second, 99th percentile in ms, microseconds of the processor a request: service, PostgreSQL
    local before after postgres requests p99
    before=$(ticks "$1") postgres=$(ticks_of_postgres)
    path=$2 users=$users wrk -t1 -c16 -d"${3}s" --timeout 10s --latency -s "$scratch/load.lua" "${url[$1]}" >"$scratch/wrk"
    after=$(ticks "$1")
    ! grep -qE 'Non-2xx|Socket errors' "$scratch/wrk" || { cat "$scratch/wrk" >&2; exit 1; }
    requests=$(awk '/requests in/ { print $1 }' "$scratch/wrk")
    p99=$(awk '$1 == "99%" { n = $2 + 0; print $2 ~ /us/ ? n / 1000 : $2 ~ /ms/ ? n : n * 1000 }' "$scratch/wrk")
    echo "$((requests / $3)) $p99 $(((after - before) * 10000 / requests)) $((($(ticks_of_postgres) - postgres) * 10000 / requests))"
}

rounds_of() { # path, rounds, seconds, warm-up, names...: one line of load a round in $scratch/NAME.rounds, the first in NAME.warm-up
    local path=$1 rounds=$2 seconds=$3 warmup=$4 name round
    shift 4
    for name in "$@"; do
        load "$name" "$path" "$warmup" >"$scratch/$name.warm-up"
        : >"$scratch/$name.rounds"
    done
    for ((round = 1; round <= rounds; round++)); do
        say "GET $path, round $round of $rounds"
        for name in "$@"; do
            load "$name" "$path" "$seconds" >>"$scratch/$name.rounds"
        done
    done
}

median() { # name, column of load
    awk -v column="$2" '{ print $column }' "$scratch/$1.rounds" | sort -n |
        awk '{ all[NR] = $1 } END { print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'
}
