-- What wrk sends: the lines of the file BENCH_REQUESTS in turn, from line BENCH_SKIP + 1 on. A line is method, path, value of
-- If-None-Match or nothing, and body or nothing, with tabs between. All are made ready before the clock starts.
local ready, at = {}, 0

function init()
    for line in io.lines(os.getenv("BENCH_REQUESTS")) do
        local method, path, tag, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
        local headers = { Host = wrk.headers["Host"] }
        if tag ~= "" then headers["If-None-Match"] = tag end
        if body ~= "" then headers["Content-Type"] = "application/json" else body = nil end
        ready[#ready + 1] = wrk.format(method, path, headers, body)
    end
    at = tonumber(os.getenv("BENCH_SKIP")) % #ready
end

function request()
    at = at % #ready + 1
    return ready[at]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests":%d,"microseconds":%d,"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"p50":%d,"p99":%d,"bytes":%d}\n',
        summary.requests, summary.duration, errors.status, errors.connect, errors.read, errors.write, errors.timeout,
        latency:percentile(50), latency:percentile(99), summary.bytes
    ))
end
