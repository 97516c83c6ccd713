-- KEYS[#KEYS]: the visitor's devices. ARGV: for how many milliseconds an end is remembered, visitor and generation of who
-- asks, the device that ends.
local kept_ms, visitor, generation, device = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
redis.call('HLEN', KEYS[#KEYS])
local raised = raise(visitor .. '.' .. device, tonumber(kept_ms))
redis.call('HDEL', KEYS[#KEYS], device)
return raised
