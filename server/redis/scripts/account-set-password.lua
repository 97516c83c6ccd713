-- KEYS[#KEYS]: the visitor's devices. ARGV: for how many milliseconds an end is remembered, visitor and generation of who
-- asks, the account as JSON as it was, as it is to be, 1 when the visitor's tokens end. Returns its generation.
local kept_ms, visitor, generation, before, after, is_ending = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local skeleton, account = account_of(visitor)
if account ~= before then return refusal('forbidden') end
redis.call('HLEN', KEYS[#KEYS])
-- First of all: in a full store it is refused, and then nothing has been changed.
redis.call('HSET', ACCOUNTS, visitor, skeleton .. '\n' .. after)
if is_ending ~= '1' then return generation end
local raised = raise(visitor, tonumber(kept_ms))
redis.call('DEL', KEYS[#KEYS])
return raised
