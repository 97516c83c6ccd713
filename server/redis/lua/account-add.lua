-- ARGV: milliseconds an end is remembered, the session's visitor and generation, the handle's skeleton, the account's
-- JSON.
local _, visitor, generation, skeleton, account = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
-- Read both before the first write: a key of the wrong type then fails the script before it has changed anything.
local has_account = redis.call('HEXISTS', ACCOUNTS, visitor) == 1
local is_taken = redis.call('HEXISTS', HANDLES, skeleton) == 1
if has_account then return refusal('forbidden') end
if is_taken then return refusal('name_taken') end
redis.call('HSET', ACCOUNTS, visitor, skeleton .. '\n' .. account)
redis.call('HSET', HANDLES, skeleton, visitor)
return 1
