-- KEYS: the titles' rooms, and since when each has its title. ARGV: for each claim its title's skeleton, its room,
-- since when, and '1' when the room exists ('' to free the title). A claim that has changed since it was read stays.
local TITLES, TIMES = unpack(KEYS)
for place = 1, #ARGV, 4 do
  local skeleton, room, since, is_there = unpack(ARGV, place, place + 3)
  local score = redis.call('ZSCORE', TIMES, skeleton)
  if redis.call('HGET', TITLES, skeleton) == room and tonumber(score or '0') == tonumber(since) then
    if is_there == '1' then
      redis.call('ZADD', TIMES, digits(now()), skeleton)
    else
      redis.call('HDEL', TITLES, skeleton)
      redis.call('ZREM', TIMES, skeleton)
    end
  end
end
return 0
