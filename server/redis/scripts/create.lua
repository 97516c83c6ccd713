-- ARGV: id, title, kind, owner, epoch, ttl
local id, title, kind, owner, epoch, ttl = unpack(ARGV)
if redis.call('EXISTS', ROOM) == 1 then return refusal('room_exists') end
make_room(id, title, kind, owner, epoch, ttl)
return redis.call('HGETALL', ROOM)
