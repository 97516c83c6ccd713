-- Notices that the store came back with less than it had, and makes the lobby again when its keys are lost.
-- `seen_id`, `seen_count`: the mark as this replica last saw it ('' and 0 at first). `new_id`: the id to use if a new mark
-- begins. Returns the mark's id and count, and why a new mark began since then: 'older', 'gone', or '' when none did.
seen_count = tonumber(seen_count)

local id, count, lobby_until = unpack(redis.call('HMGET', STORE_MARK, 'id', 'count', 'lobbyUntil'))
-- A lobby without new entries expires by itself: it is lost only if it had time left.
local is_lobby_lost = lobby_until and not is_made() and now() < tonumber(lobby_until)

local cause = ''
if is_lobby_lost or (seen_id ~= '' and not id) then
  cause = 'gone'
elseif id == seen_id and tonumber(count) < seen_count then
  cause = 'older'
elseif seen_id ~= '' and id ~= seen_id then
  -- Another replica noticed it first, or one that had just started found no mark and began one.
  local told = redis.call('HGET', STORE_MARK, 'cause')
  cause = told ~= '' and told or 'gone'
end

known_room()
if not id or is_lobby_lost or cause == 'older' and id == seen_id then
  id = new_id
  redis.call('HSET', STORE_MARK, 'id', id, 'cause', cause)
end
-- Redis replays these two writes as a transaction: a replay that drops transactions drops the mark too.
redis.call('HSET', STORE_MARK, 'lobbyUntil', digits(now() + redis.call('PTTL', ROOM)))
return { id, redis.call('HINCRBY', STORE_MARK, 'count', 1), cause }
