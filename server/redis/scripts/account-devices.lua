-- KEYS[#KEYS]: the visitor's devices. ARGV: for how many milliseconds an end is remembered, visitor and generation of who
-- asks. Returns the store's time, and then each device and what is kept of it.
local _, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local reply = { digits(now()) }
for _, part in ipairs(redis.call('HGETALL', KEYS[#KEYS])) do reply[#reply + 1] = part end
return reply
