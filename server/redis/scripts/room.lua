-- Put before every script that works on one room. The keys come in the order of server/redis/keys.ts.
local ROOM, FEED, DEDUPE, CONNECTIONS, MEMBERS, COUNTS, NAMES, SKELETONS = unpack(KEYS)
-- Every script's first arguments: the room's channel, how many entries and for how many milliseconds a feed is kept,
-- the room's id when it is one that always exists ('' otherwise), an epoch in case one begins here, and epoch and seq
-- of the last entry that the asking replica has given on ('' when it follows the room not).
local CHANNEL, LIMIT, TTL, STANDING, NEW_EPOCH = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local SEEN_EPOCH, SEEN_SEQ = ARGV[6], tonumber(ARGV[7])

local function refusal(code)
  return { err = 'MADANG ' .. code }
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function digits(number)
  return string.format('%.0f', number)
end

local function make_room(id, title, kind, owner)
  redis.call('DEL', FEED, DEDUPE)
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

local function open_room()
  if STANDING ~= '' and redis.call('EXISTS', ROOM) == 0 then make_room(STANDING, STANDING, 'public', '') end
  see_rewind()
  local epoch, closed = unpack(redis.call('HMGET', ROOM, 'epoch', 'closed'))
  if not epoch then return nil, refusal('room_not_found') end
  if closed == '1' then return nil, refusal('room_closed') end
  return epoch
end

-- Dedupe lives exactly as long as the message it stands for.
local function trim()
  local surplus = redis.call('XLEN', FEED) - LIMIT
  if surplus <= 0 then return end
  local old = redis.call('XRANGE', FEED, '-', '+', 'COUNT', math.min(surplus, 1000))
  for _, line in ipairs(old) do
    if line[2][4] ~= '' then redis.call('HDEL', DEDUPE, line[2][4]) end
    redis.call('XDEL', FEED, line[1])
  end
end

-- Numbers, stores and publishes: the one way into a feed. `body` is the entry's JSON without seq, at and braces.
local function append(body, dedupe_field)
  local epoch, last = unpack(redis.call('HMGET', ROOM, 'epoch', 'at'))
  local at = math.max(now(), tonumber(last))
  -- Every kind of key is read before the first write: one that something else wrote is an error, not half a step.
  redis.call('XLEN', FEED)
  redis.call('HLEN', DEDUPE)
  local seq = digits(redis.call('HINCRBY', ROOM, 'seq', 1))
  redis.call('HSET', ROOM, 'at', digits(at))
  local entry = '{"seq":' .. seq .. ',"at":' .. digits(at) .. ',' .. body .. '}'
  redis.call('XADD', FEED, seq .. '-0', 'e', entry, 'd', dedupe_field)
  if dedupe_field ~= '' then redis.call('HSET', DEDUPE, dedupe_field, seq .. ':' .. digits(at)) end
  trim()
  for _, key in ipairs({ ROOM, FEED, DEDUPE }) do redis.call('PEXPIRE', key, TTL) end
  redis.call('PUBLISH', CHANNEL, epoch .. ' ' .. seq .. ' ' .. entry)
  return tonumber(seq), at
end

local function notice(kind, member)
  append('"kind":"' .. kind .. '","by":' .. member, '')
end

-- A replica that was taken for dead comes into this room no more: what it had on its way may still arrive, and nobody
-- would ever take it away again. An hour is far longer than any network holds a command back.
local FENCE_MS = 3600000

local function fence(prefix)
  if redis.call('EXISTS', ROOM) == 0 then return end
  local time = now()
  redis.call('HSET', ROOM, 'gone:' .. prefix, digits(time))
  for _, field in ipairs(redis.call('HKEYS', ROOM)) do
    if string.sub(field, 1, 5) == 'gone:' and tonumber(redis.call('HGET', ROOM, field)) < time - FENCE_MS then
      redis.call('HDEL', ROOM, field)
    end
  end
end

local function is_fenced(connection)
  return redis.call('HEXISTS', ROOM, 'gone:' .. string.match(connection, '^[^:]*:')) == 1
end

-- Takes a connection away; with a visitor's last one the member leaves and its name is free.
local function drop(connection)
  local visitor = redis.call('HGET', CONNECTIONS, connection)
  if not visitor then return end
  local member = redis.call('HGET', MEMBERS, visitor)
  local skeleton = redis.call('HGET', SKELETONS, visitor)
  redis.call('HLEN', NAMES)
  local remaining = tonumber(redis.call('HGET', COUNTS, visitor) or '1') - 1
  if remaining > 0 then
    redis.call('HSET', COUNTS, visitor, remaining)
    redis.call('HDEL', CONNECTIONS, connection)
    return
  end
  -- The notice first: in a full store it is refused, and then nothing has been taken away.
  if member and redis.call('EXISTS', ROOM) == 1 then
    see_rewind()
    notice('leave', member)
  end
  redis.call('HDEL', CONNECTIONS, connection)
  if skeleton then redis.call('HDEL', NAMES, skeleton) end
  redis.call('HDEL', COUNTS, visitor)
  redis.call('HDEL', SKELETONS, visitor)
  redis.call('HDEL', MEMBERS, visitor)
end
