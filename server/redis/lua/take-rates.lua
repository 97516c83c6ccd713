-- KEYS: for each rate, the time at which it is full again, in microseconds since 1970. ARGV: for each rate, how long the
-- taken amount and how long the full burst take to come back, in microseconds. Takes from all rates, or from none if one
-- has too little left. Returns for each rate the milliseconds until it has enough.
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
