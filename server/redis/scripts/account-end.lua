-- KEYS[#KEYS]: the visitor's devices. ARGV: for how many milliseconds an end is remembered, visitor and generation of who
-- asks.
local kept_ms, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local raised = raise(visitor, tonumber(kept_ms))
redis.call('DEL', KEYS[#KEYS])
return raised
