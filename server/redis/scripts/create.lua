-- ARGV[9...]: id, title, kind, owner; of a conversation also who asks for it, and the public room in which the two were
local id, title, kind, owner, asked_by, met = unpack(ARGV, 9)
if is_made() then return refusal('room_exists') end
-- First of all: in a full store it is refused, and then nothing has been made.
redis.call('HSET', ROOM, 'id', id)
make_room(id, title, kind, owner)
if kind == 'direct' then redis.call('HSET', ROOM, 'askedBy', asked_by or '', 'met', met or '') end
return redis.call('HGETALL', ROOM)
