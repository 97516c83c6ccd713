-- KEYS: the errands. ARGV: how many at most, for how many milliseconds nobody else gets them. Returns those that are due.
local most, errand_ms = unpack(ARGV)
local at = now()
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', digits(at), 'LIMIT', 0, most)
for _, errand in ipairs(due) do redis.call('ZADD', KEYS[1], digits(at + errand_ms), errand) end
return due
