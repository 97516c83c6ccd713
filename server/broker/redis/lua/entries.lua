-- Put after room.lua: reads a room's entries. An entry stands in the stream, or in AMENDED once it or a neighbour was
-- rewritten (docs/decisions/012-removed-messages.md). A message, removed or not, has a dedupe field; every other entry
-- is a notice here.

-- Reads a key of every kind that a new entry writes. Call before the first write: a key of the wrong type then fails the
-- script before it has changed anything. Returns how many entries are kept, how many of them are messages, and whether
-- a key does not exist yet.
local function check_feed()
  local authors, messages = redis.call('HLEN', AUTHORS), redis.call('HLEN', DEDUPE)
  local entries = redis.call('XLEN', FEED) + redis.call('ZCARD', AMENDED)
  return entries, messages, authors == 0 or messages == 0 or entries == 0
end

-- The mark of a withheld message, or of its removed remains (entry-json.ts), with its comma; nil for any other entry. No text
-- looks like it: in JSON its quotes have backslashes.
local function mark_of(line)
  -- Most entries have none, and the pattern alone would be tried at each letter.
  if not string.find(line, ',"withheldOf":"', 1, true) then return nil end
  return string.match(line, '(,"withheldOf":"[^"]*")}$')
end

-- The dedupe field of the `published` entry of a withheld message; no client's id has a dot.
local function published_field(author, seq)
  return author .. ':published.' .. digits(seq)
end

-- The author of the withheld message that this entry carries, or carried before it was removed; nil for any other entry.
local function published_of(entry)
  return string.match(entry.dedupe_field, '^(.*):published%.%d+$')
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
  -- There is no entry before the first number, and Redis rejects a range that ends there.
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

local function entry_at(seq)
  return kept_entries(seq - 1, seq + 1, 1)[1]
end

-- The lowest kept number, or the next number when no entry is kept.
local function first_kept()
  local oldest = kept_entries(nil, nil, 1)[1]
  return oldest and oldest.seq or tonumber(redis.call('HGET', ROOM, 'seq')) + 1
end
