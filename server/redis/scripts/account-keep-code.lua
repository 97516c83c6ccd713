-- KEYS[#KEYS]: the code's. ARGV: for how many milliseconds an end is remembered, visitor and generation of who asks, for
-- how many milliseconds the code is good.
local _, visitor, generation, ttl_ms = unpack(ARGV)
if is_ended(visitor, generation) then return refusal('invalid_token') end
redis.call('SET', KEYS[#KEYS], visitor .. ' ' .. generation, 'PX', ttl_ms)
return digits(now() + tonumber(ttl_ms))
