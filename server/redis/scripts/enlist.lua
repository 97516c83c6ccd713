-- KEYS[1]: the index of rooms. ARGV[1]: a room, which is active now.
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[1])
return 0
