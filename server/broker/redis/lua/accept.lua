-- A visitor has entered its conversation. `met`: a public room that both have visited, or ''. Returns 1 when the
-- conversation was its partner's request until now.
local _, refused = open_room()
if refused then return refused end
local asked_by, known = unpack(redis.call('HMGET', ROOM, 'askedBy', 'met'))
local was_asked = asked_by and asked_by ~= '' and asked_by ~= visitor
-- HDEL first: a full store refuses the HSET, and the request is accepted all the same.
if was_asked then redis.call('HDEL', ROOM, 'askedBy') end
if known ~= met then redis.call('HSET', ROOM, 'met', met) end
return was_asked and 1 or 0
