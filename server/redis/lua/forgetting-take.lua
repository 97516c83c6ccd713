-- KEYS: the errands. ARGV: how many at most, how many milliseconds no other replica gets them. Returns the due errands.
local most, errand_ms = unpack(ARGV)
local at = now()
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', digits(at), 'LIMIT', 0, most)
for _, errand in ipairs(due) do redis.call('ZADD', KEYS[1], digits(at + errand_ms), errand) end
return due
