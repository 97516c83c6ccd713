-- ARGV: for how many milliseconds an end is remembered, visitor and generation of who asks. Returns the new generation.
local kept_ms, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local skeleton = account_of(visitor)
if not skeleton then return refusal('forbidden') end
redis.call('HLEN', HANDLES)
-- First of all: in a full store it is refused, and then nothing has been taken away.
local raised = raise(visitor, tonumber(kept_ms))
redis.call('HDEL', HANDLES, skeleton)
redis.call('HDEL', ACCOUNTS, visitor)
return raised
