-- ARGV: a handle's skeleton. Returns visitor, its generation, and the account as JSON; or nothing.
local visitor = redis.call('HGET', HANDLES, ARGV[1])
local _, account = account_of(visitor)
if not account then return false end
return { visitor, digits(generation_of(visitor)), account }
