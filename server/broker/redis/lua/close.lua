-- Closes a room. `by`: the member, as JSON, that closes it; '' for the member behind `connection_key`. `kept_ms`: how long
-- the keys of the closed room are kept.
local _, refused = open_room()
if refused then return refused end
local member = by
if by == '' then
  local visitor
  visitor, member = member_of(connection_key)
  if not member then return refusal('not_joined') end
  if redis.call('HGET', ROOM, 'owner') ~= visitor then return refusal('forbidden') end
end

check_feed()
write_due_crowd_notice(feed_state(), true)
notice('closed', member)
redis.call('HSET', ROOM, 'closed', '1')
-- No leave entries: the room has ended for all its members. Later departures and reaping find nothing to do.
redis.call('DEL', CONNECTIONS, MEMBERS, COUNTS, NAMES, SKELETONS, COUNTED_JOINS)
for _, key in ipairs(FEED_KEYS) do redis.call('PEXPIRE', key, kept_ms) end
return 0
