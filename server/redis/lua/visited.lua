-- KEYS: the rooms that a visitor was in. ARGV: room, how many milliseconds a visit is kept once the visitor has spoken,
-- and how many at least. Returns 1 when the visit was known before: then it writes nothing that a full store would
-- refuse.
local spoken_ms, least_ms = tonumber(ARGV[2]), tonumber(ARGV[3])
local was_there = redis.call('SISMEMBER', KEYS[1], ARGV[1])
local has_spoken = redis.call('PTTL', KEYS[1]) > SILENT_MS
if was_there == 0 then redis.call('SADD', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], digits(has_spoken and spoken_ms or least_ms))
return was_there
