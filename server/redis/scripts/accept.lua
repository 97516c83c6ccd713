-- A visitor has come into its conversation. ARGV[9...]: the visitor, and the public room in which the two were ('' for none).
-- Returns 1 when it was a request of its partner until now.
local visitor, met = ARGV[9], ARGV[10]
local _, refused = open_room()
if refused then return refused end
local asked_by, known = unpack(redis.call('HMGET', ROOM, 'askedBy', 'met'))
local was_asked = asked_by and asked_by ~= '' and asked_by ~= visitor
-- In this order: in a full store what follows is refused, and the answer counts all the same.
if was_asked then redis.call('HDEL', ROOM, 'askedBy') end
if known ~= met then redis.call('HSET', ROOM, 'met', met) end
return was_asked and 1 or 0
