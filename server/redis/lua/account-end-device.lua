-- KEYS[#KEYS]: the visitor's devices. ARGV: how many milliseconds an end is remembered, the session's visitor and
-- generation, the device whose tokens end.
local kept_ms, visitor, generation, device = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
redis.call('HLEN', KEYS[#KEYS])
local raised = raise(visitor .. '.' .. device, tonumber(kept_ms))
redis.call('HDEL', KEYS[#KEYS], device)
return raised
