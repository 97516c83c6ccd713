-- ARGV[9...]: id, title, kind, owner
local id, title, kind, owner = unpack(ARGV, 9)
if is_made() then return refusal('room_exists') end
-- First of all: in a full store it is refused, and then nothing has been made.
redis.call('HSET', ROOM, 'id', id)
make_room(id, title, kind, owner)
return redis.call('HGETALL', ROOM)
