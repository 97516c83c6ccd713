-- Carries who types, or no longer does; it is never kept. ARGV[8...]: connection, '1' or '0'.
local _, refused = open_room()
if refused then return refused end
local _, member = member_of(ARGV[8])
if not member then return refusal('not_joined') end
redis.call('PUBLISH', CHANNEL, '~' .. ARGV[9] .. ' ' .. member)
return 0
