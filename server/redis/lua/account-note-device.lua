-- KEYS[#KEYS]: the visitor's devices. ARGV: how many milliseconds an end is remembered, the session's visitor and
-- generation, its device, the device's name or '', 1 when it has given the password, how many devices are kept. Returns
-- 1 if the visitor has an account.
local kept_ms, visitor, generation, device, name, is_proven, most = unpack(ARGV)
local devices = KEYS[#KEYS]
if is_ended(visitor, generation) then return refusal('invalid_token') end
if redis.call('HEXISTS', ACCOUNTS, visitor) == 0 then return 0 end

local at = digits(now())
local kept = redis.call('HGET', devices, device) or ''
local since, proven, known = string.match(kept, '^(%d+) %d+ (%d+) (.*)$')
if is_proven == '1' then proven = at end
if name == '' then name = known or '' end
redis.call('HSET', devices, device, table.concat({ since or at, at, proven or '0', name }, ' '))
redis.call('PEXPIRE', devices, kept_ms)

if redis.call('HLEN', devices) > tonumber(most) then
  local oldest, oldest_seen
  local all = redis.call('HGETALL', devices)
  for index = 1, #all, 2 do
    local seen = tonumber(string.match(all[index + 1], '^%d+ (%d+)') or '0')
    if not oldest or seen < oldest_seen then oldest, oldest_seen = all[index], seen end
  end
  redis.call('HDEL', devices, oldest)
end
return 1
