-- KEYS: the errands. ARGV: visitor, generation, in how many milliseconds it is due.
local visitor, generation, delay = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + delay), visitor .. ' ' .. generation)
