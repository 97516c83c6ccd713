-- Put behind room.lua: a room's entries. Each stands in the stream, or, since it was rewritten or had to make way for
-- that, in AMENDED (docs/decisions/012-removed-messages.md).

-- Every kind of key that is written below is read before the first write: one that something else wrote is an error,
-- not half a step.
local function check_feed()
  redis.call('XLEN', FEED)
  redis.call('HLEN', DEDUPE)
  redis.call('ZCARD', AMENDED)
end

local function id_of(seq)
  return digits(seq) .. '-0'
end

local function add_from_stream(found, low, high, count, is_newest)
  local lines = is_newest and redis.call('XREVRANGE', FEED, high, low, 'COUNT', count)
    or redis.call('XRANGE', FEED, low, high, 'COUNT', count)
  for _, line in ipairs(lines) do
    local seq = tonumber(string.match(line[1], '^%d+'))
    found[#found + 1] = { seq = seq, line = line[2][2], dedupe_field = line[2][4] }
  end
end

local function add_from_amended(found, low, high, count, is_newest)
  local lines = is_newest and redis.call('ZREVRANGEBYSCORE', AMENDED, high, low, 'LIMIT', 0, count)
    or redis.call('ZRANGEBYSCORE', AMENDED, low, high, 'LIMIT', 0, count)
  for _, kept in ipairs(lines) do
    local dedupe_field, line = string.match(kept, '^([^\n]*)\n(.*)$')
    local seq = tonumber(string.match(line, '^{"seq":(%d+)'))
    found[#found + 1] = { seq = seq, line = line, dedupe_field = dedupe_field, amended = kept }
  end
end

-- Entries after `after` and before `before` (nil when open), at most `count` of them: the oldest first, or the newest.
local function kept_entries(after, before, count, is_newest)
  -- Nothing stands before the first number, and Redis takes this end of a range for an error.
  if before and before <= 0 then return {} end
  local found = {}
  add_from_stream(found, after and '(' .. id_of(after) or '-', before and '(' .. id_of(before) or '+', count, is_newest)
  if redis.call('ZCARD', AMENDED) == 0 then return found end
  add_from_amended(found, after and '(' .. digits(after) or '-inf', before and '(' .. digits(before) or '+inf', count,
    is_newest)
  table.sort(found, function(one, other)
    if is_newest then return one.seq > other.seq end
    return one.seq < other.seq
  end)
  for index = #found, count + 1, -1 do found[index] = nil end
  return found
end

-- The lowest number that is kept; the next one when nothing is.
local function first_kept()
  local oldest = kept_entries(nil, nil, 1)[1]
  return oldest and oldest.seq or tonumber(redis.call('HGET', ROOM, 'seq')) + 1
end

-- Dedupe lives exactly as long as the message it stands for, removed or not.
local function trim()
  local surplus = redis.call('XLEN', FEED) + redis.call('ZCARD', AMENDED) - LIMIT
  if surplus <= 0 then return end
  for _, old in ipairs(kept_entries(nil, nil, math.min(surplus, 1000))) do
    if old.dedupe_field ~= '' then redis.call('HDEL', DEDUPE, old.dedupe_field) end
    if old.amended then redis.call('ZREM', AMENDED, old.amended) else redis.call('XDEL', FEED, id_of(old.seq)) end
  end
end

local FEED_KEYS = { ROOM, FEED, DEDUPE, AMENDED }

-- Numbers, stores and publishes: the one way into a feed. `body` is the entry's JSON without seq, at and braces.
local function append(body, dedupe_field)
  local epoch, last = unpack(redis.call('HMGET', ROOM, 'epoch', 'at'))
  local at = math.max(now(), tonumber(last))
  check_feed()
  local seq = digits(redis.call('HINCRBY', ROOM, 'seq', 1))
  redis.call('HSET', ROOM, 'at', digits(at))
  if dedupe_field ~= '' then redis.call('HSET', ROOM, 'said', seq .. ':' .. epoch) end
  local entry = '{"seq":' .. seq .. ',"at":' .. digits(at) .. ',' .. body .. '}'
  redis.call('XADD', FEED, seq .. '-0', 'e', entry, 'd', dedupe_field)
  if dedupe_field ~= '' then redis.call('HSET', DEDUPE, dedupe_field, seq .. ':' .. digits(at)) end
  trim()
  for _, key in ipairs(FEED_KEYS) do redis.call('PEXPIRE', key, TTL) end
  redis.call('PUBLISH', CHANNEL, epoch .. ' ' .. seq .. ' ' .. entry)
  return tonumber(seq), at
end

local function notice(kind, member)
  append('"kind":"' .. kind .. '","by":' .. member, '')
end
