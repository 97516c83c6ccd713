-- Put after room.lua: a room's entries. An entry stands in the stream, or in AMENDED once it or a neighbour was
-- rewritten (docs/decisions/012-removed-messages.md). A message, removed or not, has a dedupe field; every other entry
-- is a notice here.

-- How many notices are kept for each message that may be kept: notices have a bound of their own.
local NOTICES_EACH = 4
-- The most entries that one step trims.
local TRIMMED_AT_ONCE = 1000
-- F-4: a burst of this many joins and leaves gets an entry each, and one more each NOTICE_MS.
local NOTICE_MS, NOTICES_AT_ONCE = 1000, 60
-- F-4: counted visits are told this long after the first one, or once MOST_GONE members whose join was told have left.
local VISITS_MS, MOST_GONE = 1000, 200
-- How often to recount a room into which replicas of an older version write.
local RECOUNT_MS = 60000
-- AUTHORS has a field for each visitor and each block of this many numbers.
local BLOCK = 200
-- How much of its lifetime a feed may spend before its keys' expiry is renewed: not every entry needs to renew it.
local RENEW_MS = math.min(60000, tonumber(TTL) / 100)

-- Reads a key of every kind that is written below, before the first write: a key of the wrong type then fails the
-- script before it has changed anything. Returns how many entries are kept, how many of them are messages, and whether
-- a key does not exist yet.
local function check_feed()
  local authors, messages = redis.call('HLEN', AUTHORS), redis.call('HLEN', DEDUPE)
  local entries = redis.call('XLEN', FEED) + redis.call('ZCARD', AMENDED)
  return entries, messages, authors == 0 or messages == 0 or entries == 0
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
  -- No entry stands before the first number, and Redis rejects this end of a range.
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

-- Totals of the entries, read once in a script and written with each entry (docs/decisions/048-…): `from`: entries
-- before this number are not counted; `to`: the head when this was written; `messages`, `notices`: bytes; `counted_at`:
-- when all was last recounted; `indexed`: AUTHORS has all entries from this number on; `is_stale`: 1 when a replica of
-- an older version has written since; `has_more`: 1 when entries before `from` are still to be trimmed.
local books

local function add_bytes(entry, bytes)
  if entry.seq < books.from then return end
  local part = entry.dedupe_field == '' and 'notices' or 'messages'
  books[part] = math.max(0, books[part] + bytes)
end

-- Counts from the newest entry down until messages exceed LIMIT_BYTES, however many an older version has left.
local function count_anew(head, at)
  books.from, books.messages, books.notices, books.counted_at = head + 1, 0, 0, at
  books.is_stale, books.has_more = 0, 0
  local page
  repeat
    page = kept_entries(nil, books.from, 500, true)
    for _, entry in ipairs(page) do
      books.from = entry.seq
      add_bytes(entry, #entry.line)
      if books.messages > LIMIT_BYTES then
        books.has_more = 1
        return
      end
    end
  until #page < 500
end

local function open_books(written, head, at)
  if books then return end
  local from, to, messages, notices, counted_at, indexed, is_stale, has_more =
    string.match(written or '', '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d) (%d)$')
  books = { from = tonumber(from), messages = tonumber(messages), notices = tonumber(notices),
    counted_at = tonumber(counted_at or 0), indexed = tonumber(indexed), is_stale = tonumber(is_stale),
    has_more = tonumber(has_more) }
  if tonumber(to) ~= head then
    books.is_stale = 1
    books.indexed = head + 1
  end
  if not from or books.is_stale == 1 and at - books.counted_at >= RECOUNT_MS then count_anew(head, at) end
end

local function open_books_now()
  if books then return end
  local seq, written = unpack(redis.call('HMGET', ROOM, 'seq', 'books'))
  open_books(written, tonumber(seq), now())
end

local function written_books(head)
  return string.format('%.0f %.0f %.0f %.0f %.0f %.0f %d %d', books.from, head, books.messages, books.notices,
    books.counted_at, books.indexed, books.is_stale, books.has_more)
end

-- The visitor who wrote an entry, or is named in it.
local function author_of(entry)
  return string.match(entry.dedupe_field, '^(.*):')
    or string.match(entry.line, '^{"seq":%d+,"at":%d+,"kind":"%a+","by":{"id":"([^"]*)"')
end

local function block_of(author, seq)
  return author .. ':' .. digits(math.floor(seq / BLOCK))
end

local function offset_in_block(seq)
  return string.format('%03d', seq % BLOCK)
end

-- AUTHORS: each block has the numbers of one visitor's entries, three digits each, in order.
local function index(author, seq)
  local block = block_of(author, seq)
  redis.call('HSET', AUTHORS, block, (redis.call('HGET', AUTHORS, block) or '') .. offset_in_block(seq))
end

-- Trimming goes upwards: dropping the last number of a block empties the block.
local function unindex(author, seq)
  local block = block_of(author, seq)
  local offsets = redis.call('HGET', AUTHORS, block)
  if offsets and string.sub(offsets, -3) <= offset_in_block(seq) then redis.call('HDEL', AUTHORS, block) end
end

-- A dedupe field lives exactly as long as its message, removed or not.
local function drop_entry(entry)
  if entry.dedupe_field ~= '' then redis.call('HDEL', DEDUPE, entry.dedupe_field) end
  if entry.amended then redis.call('ZREM', AMENDED, entry.amended) else redis.call('XDEL', FEED, id_of(entry.seq)) end
  local author = author_of(entry)
  if author then unindex(author, entry.seq) end
end

-- Returns the oldest entries to drop so that the rest is within its bounds: messages by number and bytes, and notices
-- likewise, so that notices push out a message only when they far outnumber all messages that may be kept. `newest` is
-- about to be written and stays; `entries` and `messages` count it. Takes the dropped entries out of the books.
local function surplus(newest, entries, messages)
  local function is_over()
    return messages > LIMIT or books.messages > LIMIT_BYTES or entries - messages > NOTICES_EACH * LIMIT
      or books.notices > LIMIT_BYTES or books.has_more == 1
  end
  local going, step, last = {}, 1, nil
  while is_over() and #going < TRIMMED_AT_ONCE do
    local page = kept_entries(last, nil, step)
    for _, old in ipairs(page) do
      if old.seq >= books.from then books.has_more = 0 end
      if not is_over() then return going end
      going[#going + 1], last = old, old.seq
      add_bytes(old, -#old.line)
      entries = entries - 1
      if old.dedupe_field ~= '' then messages = messages - 1 end
    end
    if #page < step then
      -- No other entry is left, whatever the books said.
      books.has_more, books.messages, books.notices = 0, 0, 0
      add_bytes(newest, #newest.line)
      return going
    end
    step = math.min(2 * step, 100)
  end
  return going
end

local FEED_KEYS = { ROOM, FEED, DEDUPE, AMENDED, AUTHORS }

-- The fields that number the next entry, and the visits that are counted and not yet told.
local function feed_state()
  local epoch, at, seq, written, visits = unpack(redis.call('HMGET', ROOM, 'epoch', 'at', 'seq', 'books', 'visits'))
  return { epoch = epoch, at = tonumber(at), head = tonumber(seq), books = written, visits = visits or '' }
end

-- Numbers, stores and publishes an entry. `body` is its JSON without seq, at and braces; the arguments after the dedupe
-- field are room fields and their values, written in the same step.
local function write_entry(state, body, dedupe_field, ...)
  local at = math.max(now(), state.at)
  local entries, messages, is_incomplete = check_feed()
  open_books(state.books, state.head, at)
  local number = state.head + 1
  local seq = digits(number)
  local newest = { seq = number, dedupe_field = dedupe_field,
    line = '{"seq":' .. seq .. ',"at":' .. digits(at) .. ',' .. body .. '}' }
  local is_message = dedupe_field ~= ''
  add_bytes(newest, #newest.line)
  local going = surplus(newest, entries + 1, is_message and messages + 1 or messages)
  local is_renewing = is_incomplete or redis.call('PTTL', ROOM) < TTL - RENEW_MS
  local fields = { 'seq', seq, 'at', digits(at), 'books', written_books(number), ... }
  if is_message then
    fields[#fields + 1] = 'said'
    fields[#fields + 1] = seq .. ':' .. state.epoch
  end
  redis.call('HSET', ROOM, unpack(fields))
  redis.call('XADD', FEED, seq .. '-0', 'e', newest.line, 'd', dedupe_field)
  if is_message then redis.call('HSET', DEDUPE, dedupe_field, seq .. ':' .. digits(at)) end
  local author = author_of(newest)
  if author then index(author, number) end
  for _, old in ipairs(going) do drop_entry(old) end
  if is_renewing then
    for _, key in ipairs(FEED_KEYS) do redis.call('PEXPIRE', key, TTL) end
  end
  redis.call('PUBLISH', CHANNEL, state.epoch .. ' ' .. seq .. ' ' .. newest.line)
  return number, at
end

local function visits_in(state)
  local since, joined, left, gone = string.match(state.visits, '^(%d+) (%d+) (%d+) (.*)$')
  if since then return { since = tonumber(since), joined = tonumber(joined), left = tonumber(left), gone = gone } end
end

-- F-4: one entry for all counted visits. It uses up a notice of the rate, but is told even if none is left.
local function write_visits(state, visits, member_count)
  local at = now()
  local until_full = tonumber(redis.call('HGET', ROOM, 'noticedUntil') or '0')
  until_full = math.min(math.max(at, until_full) + NOTICE_MS, at + NOTICE_MS * NOTICES_AT_ONCE)
  local gone = visits.gone == '' and '' or ',"gone":[' .. visits.gone .. ']'
  write_entry(state, '"kind":"visits","joined":' .. digits(visits.joined) .. ',"left":' .. digits(visits.left)
    .. ',"memberCount":' .. digits(member_count) .. gone, '', 'visits', '', 'noticedUntil', digits(until_full))
end

-- Tells counted visits that have waited for VISITS_MS, or with `is_any` all of them. Returns whether it told any.
local function tell_visits(state, is_any)
  local visits = visits_in(state)
  if not visits or not is_any and now() - visits.since < VISITS_MS then return false end
  write_visits(state, visits, redis.call('HLEN', MEMBERS))
  return true
end

-- Every entry except joins, leaves and visits enters the feed here.
local function append(body, dedupe_field, ...)
  local state = feed_state()
  if tell_visits(state) then state = feed_state() end
  return write_entry(state, body, dedupe_field, ...)
end

local function notice(kind, member, ...)
  append('"kind":"' .. kind .. '","by":' .. member, '', ...)
end

-- F-4: tells a join or a leave, or counts it while there are too many. Call before MEMBERS changes; `change` is the
-- difference that will make. A counted leave is named in `gone`, unless the visitor is back before that is told.
local function tell_visit(kind, visitor, member, change)
  local state, at = feed_state(), now()
  local visits = visits_in(state)
  local is_known_untold = redis.call('SISMEMBER', UNTOLD, visitor) == 1
  local is_untold = kind == 'leave' and is_known_untold
  local until_full = math.max(at, tonumber(redis.call('HGET', ROOM, 'noticedUntil') or '0')) + NOTICE_MS
  if not visits and not is_untold and until_full - at <= NOTICE_MS * NOTICES_AT_ONCE then
    write_entry(state, '"kind":"' .. kind .. '","by":' .. member, '', 'noticedUntil', digits(until_full))
    if is_known_untold then redis.call('SREM', UNTOLD, visitor) end
    return
  end
  visits = visits or { since = at, joined = 0, left = 0, gone = '' }
  check_feed()
  if kind == 'join' then visits.joined = visits.joined + 1 else visits.left = visits.left + 1 end
  local gone = {}
  for name in string.gmatch(visits.gone, '"[^"]*"') do
    if name ~= '"' .. visitor .. '"' then gone[#gone + 1] = name end
  end
  if kind == 'leave' then gone[#gone + 1] = '"' .. visitor .. '"' end
  visits.gone = table.concat(gone, ',')
  if at - visits.since >= VISITS_MS or #gone >= MOST_GONE then
    write_visits(state, visits, redis.call('HLEN', MEMBERS) + change)
  else
    redis.call('HSET', ROOM, 'visits', digits(visits.since) .. ' ' .. digits(visits.joined) .. ' ' .. digits(visits.left)
      .. ' ' .. visits.gone)
  end
  if kind == 'leave' then
    redis.call('SREM', UNTOLD, visitor)
  else
    redis.call('SADD', UNTOLD, visitor)
    -- A replica of an older version removes no members from it, so let it expire.
    redis.call('PEXPIRE', UNTOLD, TTL)
  end
end

-- 1 while counted visits wait to be told, else 0.
local function are_visits_waiting()
  return (redis.call('HGET', ROOM, 'visits') or '') ~= '' and 1 or 0
end
