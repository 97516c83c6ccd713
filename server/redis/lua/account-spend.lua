-- The last KEYS: the quotas. ARGV: for each quota its limit, and its window in milliseconds. Returns how many
-- milliseconds to wait, or 0 when it spent one of each.
local quotas = #ARGV / 2
local first = #KEYS - quotas

local wait = 0
for index = 1, quotas do
  local key = KEYS[first + index]
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * index - 1]) then
    wait = math.max(wait, redis.call('PTTL', key))
  end
end
if wait > 0 then return wait end

for index = 1, quotas do
  local key = KEYS[first + index]
  if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[2 * index]) end
end
return 0
