-- SPDX-License-Identifier: GPL-3.0-or-later
-- wrk: the same question every time; GATE_KEY, GATE_TEXT from the environment.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("GATE_KEY") or "x")
if os.getenv("PORTKEY_HOST") then
  wrk.headers["x-portkey-provider"] = "openai"
  wrk.headers["x-portkey-custom-host"] = os.getenv("PORTKEY_HOST")
end
wrk.body = '{"model":"m","messages":[{"role":"user","content":"' .. (os.getenv("GATE_TEXT") or "Hello") .. '"}]}'
local failed = 0
function done(summary, latency, requests)
  io.write(string.format("RESULT n=%d rps=%.0f p50_us=%.0f p99_us=%.0f bad=%d\n", summary.requests, summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
