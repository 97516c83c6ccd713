-- Takes a conversation off a visitor's list until something newer is written there: its place turns negative.
-- KEYS: the visitor's conversations, its requests, and the version of both. ARGV: the partner, how long all are kept.
local partner, kept_ms = ARGV[1], ARGV[2]
local listed, asked = redis.call('ZSCORE', KEYS[1], partner), redis.call('ZSCORE', KEYS[2], partner)
local at = math.max(tonumber(listed or '0'), tonumber(asked or '0'))
if at <= 0 then return 0 end
redis.call('ZADD', KEYS[1], digits(-at), partner)
redis.call('ZREM', KEYS[2], partner)
redis.call('INCR', KEYS[3])
for index = 1, 3 do redis.call('PEXPIRE', KEYS[index], kept_ms) end
return 1
