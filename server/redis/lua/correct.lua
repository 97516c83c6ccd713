-- KEYS[1]: an index of rooms, or a visitor's list of conversations. ARGV: for each finding a room (or a partner), the
-- rank that was read, and the correct one ('' to remove it). A rank that has changed since it was read stays.
local INDEX = KEYS[1]
for place = 1, #ARGV, 3 do
  local room, seen, truly = ARGV[place], ARGV[place + 1], ARGV[place + 2]
  local score = redis.call('ZSCORE', INDEX, room)
  if score and tonumber(score) == tonumber(seen) then
    if truly == '' then redis.call('ZREM', INDEX, room) else redis.call('ZADD', INDEX, truly, room) end
  end
end
return 0
