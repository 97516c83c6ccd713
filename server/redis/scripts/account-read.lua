-- ARGV: for how many milliseconds an end is remembered, visitor and generation of who asks. Returns its account as JSON, or
-- nothing.
local _, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local _, account = account_of(visitor)
return account
