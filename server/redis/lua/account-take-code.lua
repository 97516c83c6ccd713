-- KEYS[#KEYS]: the code. Returns visitor and generation, or nothing.
local code = redis.call('GETDEL', KEYS[#KEYS])
local visitor, generation = string.match(code or '', '^(%S+) (%d+)$')
if not visitor or is_ended(visitor, generation) then return false end
return { visitor, generation }
