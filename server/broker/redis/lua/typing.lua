-- Publishes that a member types, or no longer does; nothing is stored. `is_typing`: '1' or '0'.
local _, refused = open_room()
if refused then return refused end
local _, member = member_of(connection_key)
if not member then return refusal('not_joined') end
redis.call(PUBLISH, CHANNEL, '~' .. is_typing .. ' ' .. member)
return 0
