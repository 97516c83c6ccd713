local _, refused = open_room()
if refused then return refused end
redis.call('HSET', ROOM, 'title', title)
return 0
