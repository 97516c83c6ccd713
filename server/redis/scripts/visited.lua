-- KEYS: the rooms that a visitor was in. ARGV: room, for how many milliseconds that is known. Returns 1 when it was in that
-- room before: then nothing is written that a full store would refuse.
local was_there = redis.call('SISMEMBER', KEYS[1], ARGV[1])
if was_there == 0 then redis.call('SADD', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return was_there
