-- Put after amend.lua: how names are kept and held, and how connections are kept out of a room and removed from it.

-- A fence keeps out a replica id, `replica:`, or one connection under every id of its replica. A connection is fenced from
-- the moment its visitor is expelled until it departs. A replica that was declared dead is fenced because its commands may
-- still arrive, and no replica would ever remove the connections they add. No network delays a command for an hour.
local FENCE_MS = 3600000
-- ID-3c: how long a name is held for the visitor that has left it and has spoken under it.
local HELD_MS = 600000
-- How far back to look for a message under that name: the newest LOOKED_BACK of the holder's entries, in its newest
-- BLOCKS_BACK blocks.
local LOOKED_BACK, BLOCKS_BACK = 20, 100

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

local function lift_fence(prefix)
  redis.call('HDEL', ROOM, 'gone:' .. prefix)
end

local function connection_of(connection_key)
  return string.match(connection_key, '^[^:]*:(.*)$')
end

-- The refusal of a connection that a fence keeps out.
local function fenced(connection_key)
  local replica = string.match(connection_key, '^[^:]*:')
  local of_replica, of_connection =
    unpack(redis.call('HMGET', ROOM, 'gone:' .. replica, 'gone:' .. connection_of(connection_key)))
  if of_connection then return refusal('banned') end
  if of_replica then return refusal('not_joined') end
end

local function has_spoken_as(visitor, member)
  local looked_at = 0
  for _, block in ipairs(blocks_of(visitor, BLOCKS_BACK)) do
    for _, seq in ipairs(numbers_in(block)) do
      local entry = entry_at(seq)
      if entry and string.find(entry.line, '"kind":"message","by":' .. member .. ',', 1, true) then return true end
      looked_at = looked_at + 1
      if looked_at == LOOKED_BACK then return false end
    end
  end
  return false
end

-- ID-3c: holds a name for the visitor that gives it up, if the visitor has spoken under it. Lists a visitor's held names,
-- because forget.lua must find them. Call before the first write: returns the function that writes, which may do nothing.
local function holding_of(visitor, member, skeleton)
  if not skeleton or not is_made() then return function() end end
  local held, list = key_of('held:' .. skeleton), key_of('held-by:' .. visitor)
  if redis.call('GET', held) ~= visitor and not has_spoken_as(visitor, member) then return function() end end
  return function()
    redis.call('SET', held, visitor, 'PX', HELD_MS)
    redis.call('SADD', list, skeleton)
    redis.call('PEXPIRE', list, HELD_MS)
  end
end

local function is_free(skeleton, visitor)
  if redis.call('HEXISTS', NAMES, skeleton) == 1 then return false end
  local holder = redis.call('GET', key_of('held:' .. skeleton))
  return not holder or holder == visitor
end

-- How long a visitor's name is kept: a day, or as long as a token lives once the visitor has spoken here.
local function kept_name_ms(kept_name, name_ttl)
  return redis.call('PTTL', kept_name) > SILENT_MS and name_ttl or digits(math.min(SILENT_MS, tonumber(name_ttl)))
end

-- Removes a connection. With a visitor's last connection the member leaves, and its name becomes free.
local function drop(connection_key)
  local visitor = redis.call('HGET', CONNECTIONS, connection_key)
  if not visitor then return end
  local member = redis.call('HGET', MEMBERS, visitor)
  local skeleton = redis.call('HGET', SKELETONS, visitor)
  redis.call('HLEN', NAMES)
  local remaining = tonumber(redis.call('HGET', COUNTS, visitor) or '1') - 1
  if remaining > 0 then
    redis.call('HSET', COUNTS, visitor, remaining)
    redis.call('HDEL', CONNECTIONS, connection_key)
    return
  end
  local hold = function() end
  if member then hold = holding_of(visitor, member, skeleton) end
  -- Write the notice first: if it fails, nothing was removed.
  if member and is_made() then
    see_rewind(unpack(redis.call('HMGET', ROOM, 'epoch', 'seq')))
    write_or_count('leave', visitor, member, -1)
  end
  hold()
  redis.call('HDEL', CONNECTIONS, connection_key)
  if skeleton then redis.call('HDEL', NAMES, skeleton) end
  redis.call('HDEL', COUNTS, visitor)
  redis.call('HDEL', SKELETONS, visitor)
  redis.call('HDEL', MEMBERS, visitor)
end
