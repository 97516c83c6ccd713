-- Put behind feed.lua: how connections are kept out of a room, and taken out of it.

-- A replica that was taken for dead comes into this room no more: what it had on its way may still arrive, and nobody
-- would ever take it away again. An hour is far longer than any network holds a command back.
local FENCE_MS = 3600000

local function fence(prefix)
  if not is_made() then return end
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
  if member and is_made() then
    see_rewind()
    notice('leave', member)
  end
  redis.call('HDEL', CONNECTIONS, connection)
  if skeleton then redis.call('HDEL', NAMES, skeleton) end
  redis.call('HDEL', COUNTS, visitor)
  redis.call('HDEL', SKELETONS, visitor)
  redis.call('HDEL', MEMBERS, visitor)
end
