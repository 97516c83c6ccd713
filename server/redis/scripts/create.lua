-- ARGV[9...]: id, title, kind, owner; for a conversation also its requester, and a public room that both have visited
local id, title, kind, owner, asked_by, met = unpack(ARGV, 9)
if is_made() then return refusal('room_exists') end
-- The first write: a full store refuses it, and then nothing was made.
redis.call('HSET', ROOM, 'id', id)
make_room(id, title, kind, owner)
if kind == 'direct' then redis.call('HSET', ROOM, 'askedBy', asked_by or '', 'met', met or '') end
return redis.call('HGETALL', ROOM)
