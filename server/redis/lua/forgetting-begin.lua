-- KEYS: the errands, which are visitors to forget. ARGV: visitor, generation, milliseconds until it is due.
local visitor, generation, delay = unpack(ARGV)
redis.call('ZADD', KEYS[1], digits(now() + delay), visitor .. ' ' .. generation)
