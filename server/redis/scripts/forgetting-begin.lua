-- KEYS: the errands. ARGV: visitor, generation, in how many milliseconds it is due.
local visitor, generation, delay = unpack(ARGV)
redis.call('ZADD', KEYS[1], digits(now() + delay), visitor .. ' ' .. generation)
