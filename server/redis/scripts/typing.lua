-- Publishes that a member types, or no longer does; nothing is stored. ARGV[9...]: connection, '1' or '0'.
local _, refused = open_room()
if refused then return refused end
local _, member = member_of(ARGV[9])
if not member then return refusal('not_joined') end
redis.call('PUBLISH', CHANNEL, '~' .. ARGV[10] .. ' ' .. member)
return 0
