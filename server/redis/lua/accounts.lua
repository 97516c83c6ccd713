-- Put before every script that works on accounts. The keys come in the order of server/redis/keys.ts.
local ENDED, ACCOUNTS, HANDLES = unpack(KEYS)

local function generation_of(visitor)
  return tonumber(redis.call('ZSCORE', ENDED, visitor) or '0')
end

local function is_ended(visitor, generation)
  return generation_of(visitor) > tonumber(generation)
end

-- Greater than every earlier generation of any visitor, even if the clock goes back: replicas read on from their last.
local function raise(visitor, kept_ms)
  local last = redis.call('ZRANGE', ENDED, 0, 0, 'REV', 'WITHSCORES')[2]
  local generation = math.max(now(), tonumber(last or '0') + 1)
  redis.call('ZADD', ENDED, digits(generation), visitor)
  redis.call('ZREMRANGEBYSCORE', ENDED, '-inf', '(' .. digits(generation - kept_ms))
  return digits(generation)
end

-- The skeleton of the visitor's handle, and the account as JSON; false when there is none.
local function account_of(visitor)
  local kept = visitor and redis.call('HGET', ACCOUNTS, visitor)
  local skeleton, account = string.match(kept or '', '^([^\n]*)\n(.*)$')
  return skeleton or false, account or false
end
