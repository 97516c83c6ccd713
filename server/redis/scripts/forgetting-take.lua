-- KEYS: the errands. ARGV: how many at most, for how many milliseconds nobody else gets them. Returns those that are due.
local most, errand_ms = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, most)
for _, errand in ipairs(due) do redis.call('ZADD', KEYS[1], string.format('%.0f', now + errand_ms), errand) end
return due
