-- KEYS[#KEYS]: the visitor's devices. ARGV: milliseconds an end is remembered, the session's visitor and generation.
local kept_ms, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local raised = raise(visitor, tonumber(kept_ms))
redis.call('DEL', KEYS[#KEYS])
return raised
