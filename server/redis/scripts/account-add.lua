-- ARGV: for how many milliseconds an end is remembered, visitor and generation of who asks, the handle's skeleton, the
-- account as JSON.
local _, visitor, generation, skeleton, account = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
-- Both are read before the first write: one that something else wrote is an error, not half a step.
local has_account = redis.call('HEXISTS', ACCOUNTS, visitor) == 1
local is_taken = redis.call('HEXISTS', HANDLES, skeleton) == 1
if has_account then return refusal('forbidden') end
if is_taken then return refusal('name_taken') end
redis.call('HSET', ACCOUNTS, visitor, skeleton .. '\n' .. account)
redis.call('HSET', HANDLES, skeleton, visitor)
return 1
