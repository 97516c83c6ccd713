-- Put before every script that works on one room. The keys come in the order of server/redis/keys.ts.
local ROOM, FEED, DEDUPE, CONNECTIONS, MEMBERS, COUNTS, NAMES, SKELETONS, AMENDED = unpack(KEYS)
-- Every script's first arguments: the room's channel, how many entries and for how many milliseconds a feed is kept,
-- the room's id when it is one that always exists ('' otherwise), an epoch in case one begins here, and epoch and seq
-- of the last entry that the asking replica has given on ('' when it follows the room not).
local CHANNEL, LIMIT, TTL, STANDING, NEW_EPOCH = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local SEEN_EPOCH, SEEN_SEQ = ARGV[6], tonumber(ARGV[7])

-- Not EXISTS: a hash whose making was lost may have got other fields since.
local function is_made()
  return redis.call('HEXISTS', ROOM, 'id') == 1
end

local function make_room(id, title, kind, owner)
  redis.call('DEL', FEED, DEDUPE, AMENDED)
  redis.call('HDEL', ROOM, 'said', 'rewoundFrom', 'lastBy', 'talkAt', 'askedBy', 'met')
  redis.call('HSET', ROOM, 'id', id, 'title', title, 'kind', kind, 'createdAt', digits(now()), 'owner', owner,
    'closed', '0', 'epoch', NEW_EPOCH, 'seq', '0', 'at', '0')
  redis.call('PEXPIRE', ROOM, TTL)
end

local function end_epoch(epoch)
  redis.call('HSET', ROOM, 'epoch', NEW_EPOCH, 'rewoundFrom', epoch)
end

-- A store that came back older than what was delivered begins a new epoch before anything else is written, so that no
-- number ever stands for two entries.
local function see_rewind()
  if not SEEN_SEQ then return end
  local epoch, seq = unpack(redis.call('HMGET', ROOM, 'epoch', 'seq'))
  if epoch == SEEN_EPOCH and tonumber(seq) < SEEN_SEQ then end_epoch(epoch) end
end

-- The room's epoch, and '1' when it is closed.
local function known_room()
  if STANDING ~= '' and not is_made() then make_room(STANDING, STANDING, 'public', '') end
  if not is_made() then return nil, nil, refusal('room_not_found') end
  see_rewind()
  return unpack(redis.call('HMGET', ROOM, 'epoch', 'closed'))
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

-- The visitor whose connection it is, and its member as JSON; nothing when it is not in the room.
local function member_of(connection)
  local visitor = redis.call('HGET', CONNECTIONS, connection)
  local member = visitor and redis.call('HGET', MEMBERS, visitor)
  if member then return visitor, member end
end
