-- KEYS[#KEYS]: the code. ARGV: how many milliseconds an end is remembered, the session's visitor and generation, how
-- many milliseconds the code is valid.
local _, visitor, generation, ttl_ms = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
redis.call('SET', KEYS[#KEYS], visitor .. ' ' .. generation, 'PX', ttl_ms)
return digits(now() + tonumber(ttl_ms))
