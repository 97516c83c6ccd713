-- In a conversation, `asked_by` is its requester, and `shared_room` a public room that both have visited, or ''.
if is_made() then return refusal('room_exists') end
-- The first write: if a full store refuses it, nothing has been made.
redis.call('HSET', ROOM, 'id', id)
make_room(id, title, kind, owner)
if kind == 'direct' then redis.call('HSET', ROOM, 'askedBy', asked_by, 'met', shared_room) end
return redis.call('HGETALL', ROOM)
