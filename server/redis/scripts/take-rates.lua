-- KEYS: for each rate, when all that was taken of it is there again, in microseconds since 1970.
-- ARGV: for each rate, how long what is taken takes to come back, and how long all of it; in microseconds.
-- Takes of all rates, or of none when one has not enough. Returns the milliseconds until each has.
local time = redis.call('TIME')
local at = time[1] * 1000000 + time[2]
local full_at, waits, is_granted = {}, {}, true
for index, key in ipairs(KEYS) do
  local taken, all = tonumber(ARGV[2 * index - 1]), tonumber(ARGV[2 * index])
  full_at[index] = math.max(at, tonumber(redis.call('GET', key) or 0)) + taken
  waits[index] = math.max(0, math.ceil((full_at[index] - at - all) / 1000))
  is_granted = is_granted and waits[index] == 0
end
if is_granted then
  for index, key in ipairs(KEYS) do
    redis.call('SET', key, digits(full_at[index]), 'PX', digits(math.ceil((full_at[index] - at) / 1000)))
  end
end
return waits
