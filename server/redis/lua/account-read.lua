-- ARGV: milliseconds an end is remembered, the session's visitor and generation. Returns its account as JSON or
-- nothing.
local _, visitor, generation = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
local _, account = account_of(visitor)
return account
