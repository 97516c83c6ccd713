-- KEYS[#KEYS]: the visitor's devices. ARGV: how many milliseconds an end is remembered, the session's visitor and
-- generation, and '1' to end the tokens of a visitor without an account too. Returns the new generation.
local kept_ms, visitor, generation, is_any = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local skeleton = account_of(visitor)
if not skeleton and is_any ~= '1' then return refusal('forbidden') end
redis.call('HLEN', HANDLES)
local raised = raise(visitor, tonumber(kept_ms))
if skeleton then
  redis.call('HDEL', HANDLES, skeleton)
  redis.call('HDEL', ACCOUNTS, visitor)
end
redis.call('DEL', KEYS[#KEYS])
return raised
