-- `from`: where the page before ended, '0' for the first page. `listed`: about how many members to list.
local epoch, refused = open_room()
if refused then return refused end
local next_page, some = unpack(redis.call('HSCAN', MEMBERS, from, 'COUNT', listed))
local members = {}
for index = 2, #some, 2 do members[#members + 1] = some[index] end
return { epoch, redis.call('HGET', ROOM, 'seq'), redis.call('HLEN', MEMBERS), members, next_page }
