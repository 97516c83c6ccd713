-- Put before every script that works on one room. The names in capitals that it does not define, and each script's own
-- arguments, are declared by server/broker/redis/room-scripts.ts: the room's keys as in server/redis/keys.ts, and
-- CHANNEL and PUBLISH, the command for it; LIMIT, LIMIT_BYTES, TTL: how many messages and how many bytes of messages a
-- feed keeps, and for how many milliseconds; PERMANENT: the room's id when the room always exists, '' otherwise;
-- NEW_EPOCH: the epoch to use if one begins here; SEEN_EPOCH, SEEN_SEQ: the last entry that the calling replica has
-- delivered, '' when it does not follow the room.
LIMIT, LIMIT_BYTES, SEEN_SEQ = tonumber(LIMIT), tonumber(LIMIT_BYTES), tonumber(SEEN_SEQ)

-- Not EXISTS: a hash whose creation was lost may have gained other fields since.
local function is_made()
  return redis.call('HEXISTS', ROOM, 'id') == 1
end

local function make_room(id, title, kind, owner)
  redis.call('DEL', FEED, DEDUPE, AMENDED, AUTHORS)
  -- Not DEL: the fences against dead replicas (presence.lua) stay.
  for _, field in ipairs(redis.call('HKEYS', ROOM)) do
    if string.sub(field, 1, 5) ~= 'gone:' then redis.call('HDEL', ROOM, field) end
  end
  redis.call('HSET', ROOM, 'id', id, 'title', title, 'kind', kind, 'createdAt', digits(now()), 'owner', owner,
    'closed', '0', 'epoch', NEW_EPOCH, 'seq', '0', 'at', '0', 'books', '1 0 0 0 0 1 0 0')
  redis.call('PEXPIRE', ROOM, TTL)
end

local function end_epoch(epoch)
  redis.call('HSET', ROOM, 'epoch', NEW_EPOCH, 'rewoundFrom', epoch)
end

-- If the store came back with fewer entries than the replica has delivered, begins a new epoch before any other write:
-- one number must never stand for two entries. Returns the present epoch.
local function see_rewind(epoch, seq)
  if not SEEN_SEQ or epoch ~= SEEN_EPOCH or tonumber(seq) >= SEEN_SEQ then return epoch end
  end_epoch(epoch)
  return NEW_EPOCH
end

-- The room's hash as known_room read it, for publish.lua to use; nil when the room was made just now.
local as_opened

-- The room's epoch, and '1' when it is closed.
local function known_room()
  local id, epoch, seq, closed, at, totals, counted, said, last_by, asked_by, busy_until =
    unpack(redis.call('HMGET', ROOM, 'id', 'epoch', 'seq', 'closed', 'at', 'books', 'visits', 'said', 'lastBy', 'askedBy',
      'busyUntil'))
  if id then
    epoch = see_rewind(epoch, seq)
    as_opened = { epoch = epoch, at = tonumber(at), head = tonumber(seq), totals = totals, counted = counted or '',
      said = said, last_by = last_by, asked_by = asked_by, busy_until = busy_until }
    return epoch, closed
  end
  if PERMANENT == '' then return nil, nil, refusal('room_not_found') end
  make_room(PERMANENT, PERMANENT, 'public', '')
  return see_rewind(NEW_EPOCH, '0'), '0'
end

local function open_room()
  local epoch, closed, refused = known_room()
  if closed == '1' then return nil, refusal('room_closed') end
  return epoch, refused
end

local function fields_of(hash)
  local list, fields = redis.call('HGETALL', hash), {}
  for index = 1, #list, 2 do fields[list[index]] = list[index + 1] end
  return fields
end

-- The connection's visitor, and its member as JSON; nothing when the connection is not in the room.
local function member_of(connection_key)
  local visitor = redis.call('HGET', CONNECTIONS, connection_key)
  local member = visitor and redis.call('HGET', MEMBERS, visitor)
  if member then return visitor, member end
end

-- A member's JSON with its present role. `role`: for example `"role":"owner",`, '' for none (codec.ts).
local function with_role(member, role)
  local id, name = string.match(member, '^({"id":"[^"]*",).-("name":.*)$')
  return id and id .. role .. name or member
end

-- A key of this room that belongs to one visitor or one name.
local function key_of(part)
  return string.sub(ROOM, 1, -5) .. part
end

-- A token bucket for all members of a room together ('room'), or for one visitor ('own'), over all replicas. Takes one
-- entry: returns the time at which the bucket will be full again, or a refusal with the wait. `busy`: that time before
-- this entry. `each`, `all`: milliseconds for one entry and for a whole burst; '' when there is no limit.
local function busy_with_one_more(whose, busy, each, all)
  if all == '' then return '0' end
  local at = now()
  local busy_until = math.max(at, tonumber(busy or '0')) + tonumber(each)
  local wait = busy_until - at - tonumber(all)
  if wait > 0 then return nil, refusal('rate_limited ' .. whose .. ' ' .. digits(math.ceil(wait))) end
  return string.format('%.3f', busy_until)
end
