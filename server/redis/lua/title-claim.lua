-- KEYS: the titles' rooms, and since when each has its title. ARGV: a title's skeleton, and the room that claims it.
-- Returns the room that then has it, since when, and the present time.
local TITLES, TIMES = unpack(KEYS)
local skeleton, room = ARGV[1], ARGV[2]

local holder = redis.call('HGET', TITLES, skeleton)
local since = redis.call('ZSCORE', TIMES, skeleton)
local at = digits(now())
if holder and holder ~= room then return { holder, since or '0', at } end
redis.call('HSET', TITLES, skeleton, room)
redis.call('ZADD', TIMES, at, skeleton)
return { room, at, at }
