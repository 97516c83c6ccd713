-- Runs when a visitor enters a conversation, which accepts its partner's request. `shared_room`: a public room that both
-- have visited, or ''. Returns 1 if the conversation was a request until now.
local _, refused = open_room()
if refused then return refused end
local asked_by, known_shared_room = unpack(redis.call('HMGET', ROOM, 'askedBy', 'met'))
local was_asked = asked_by and asked_by ~= '' and asked_by ~= visitor
-- HDEL first: a full store may refuse the HSET, but the request is accepted anyway.
if was_asked then redis.call('HDEL', ROOM, 'askedBy') end
if known_shared_room ~= shared_room then redis.call('HSET', ROOM, 'met', shared_room) end
return was_asked and 1 or 0
