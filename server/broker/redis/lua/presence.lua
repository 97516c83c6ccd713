-- Put after amend.lua: how names are kept and held, and how connections are kept out of a room and removed from it.

-- A replica that was declared dead may not enter this room again: its commands under way may still arrive, and no
-- replica would ever remove those connections. An hour is far longer than any network delays a command.
local FENCE_MS = 3600000
-- ID-3c: how long a name is held for the visitor that has left it and has spoken under it.
local HELD_MS = 600000
-- How far back to look for a message under that name: LOOKED_BACK of the holder's entries, in BLOCKS_BACK blocks.
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

local function is_fenced(connection)
  return redis.call('HEXISTS', ROOM, 'gone:' .. string.match(connection, '^[^:]*:')) == 1
end

-- A visitor's blocks in AUTHORS, the newest first: of the newest `most_blocks`, or of all that may have kept entries.
local function blocks_of(visitor, most_blocks)
  local highest = math.floor(tonumber(redis.call('HGET', ROOM, 'seq') or '0') / BLOCK)
  local lowest = math.floor(first_kept() / BLOCK)
  if most_blocks then lowest = math.max(lowest, highest - most_blocks + 1) end
  local blocks = {}
  for top = highest, lowest, -100 do
    local fields, numbers = {}, {}
    for block = top, math.max(lowest, top - 99), -1 do
      numbers[#numbers + 1] = block
      fields[#fields + 1] = visitor .. ':' .. digits(block)
    end
    for position, offsets in ipairs(redis.call('HMGET', AUTHORS, unpack(fields))) do
      if offsets then blocks[#blocks + 1] = { field = fields[position], start = numbers[position] * BLOCK, offsets = offsets } end
    end
  end
  return blocks
end

-- A block's numbers, the newest first.
local function numbers_in(block)
  local numbers = {}
  for position = #block.offsets - 2, 1, -3 do
    numbers[#numbers + 1] = block.start + tonumber(string.sub(block.offsets, position, position + 2))
  end
  return numbers
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

-- ID-3c: holds a name for the visitor that gives it up, if it has spoken under it. A visitor's held names are listed,
-- so that they can be forgotten. Call before the first write: returns the function that writes, which may do nothing.
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

-- Removes a connection; with a visitor's last one the member leaves and its name is free.
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
  local hold = function() end
  if member then hold = holding_of(visitor, member, skeleton) end
  -- Write the notice first: if it fails, nothing was removed.
  if member and is_made() then
    see_rewind(unpack(redis.call('HMGET', ROOM, 'epoch', 'seq')))
    tell_visit('leave', visitor, member, -1)
  end
  hold()
  redis.call('HDEL', CONNECTIONS, connection)
  if skeleton then redis.call('HDEL', NAMES, skeleton) end
  redis.call('HDEL', COUNTS, visitor)
  redis.call('HDEL', SKELETONS, visitor)
  redis.call('HDEL', MEMBERS, visitor)
end
