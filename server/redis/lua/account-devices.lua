-- KEYS[#KEYS]: the visitor's devices. ARGV: how many milliseconds an end is remembered, the session's visitor and
-- generation. Returns Redis's time, and then each device and its stored line.
local _, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local reply = { digits(now()) }
for _, part in ipairs(redis.call('HGETALL', KEYS[#KEYS])) do reply[#reply + 1] = part end
return reply
