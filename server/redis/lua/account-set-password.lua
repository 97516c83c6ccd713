-- KEYS[#KEYS]: the visitor's devices. ARGV: how many milliseconds an end is remembered, the session's visitor and
-- generation, the account as JSON before and after the change, 1 to end the visitor's tokens. Returns its generation.
local kept_ms, visitor, generation, before, after, is_ending = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local skeleton, account = account_of(visitor)
if account ~= before then return refusal('forbidden') end
redis.call('HLEN', KEYS[#KEYS])
-- The first write: a full store refuses it, and then nothing has changed.
redis.call('HSET', ACCOUNTS, visitor, skeleton .. '\n' .. after)
if is_ending ~= '1' then return generation end
local raised = raise(visitor, tonumber(kept_ms))
redis.call('DEL', KEYS[#KEYS])
return raised
