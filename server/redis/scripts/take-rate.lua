-- KEYS[1]: when all that was taken of this rate is there again, in microseconds since 1970.
-- ARGV: how long one takes to come back, and all of them together; in microseconds.
-- Takes one and returns 0, or returns the milliseconds until there is one.
local each, all = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local at = time[1] * 1000000 + time[2]
local full_at = math.max(at, tonumber(redis.call('GET', KEYS[1]) or 0)) + each
if full_at - at > all then
  return math.ceil((full_at - at - all) / 1000)
end
redis.call('SET', KEYS[1], digits(full_at), 'PX', digits(math.ceil((full_at - at) / 1000)))
return 0
