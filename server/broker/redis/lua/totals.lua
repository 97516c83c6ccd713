-- Put after authors.lua: counts what a room keeps, and chooses the entries to drop.

-- Notices have a bound of their own: so many are kept for each message that may be kept.
local NOTICES_EACH = 4
-- The most entries that one step trims.
local TRIMMED_AT_ONCE = 1000
-- How often to recount a room into which replicas of an older version write.
local RECOUNT_MS = 60000

-- Totals of the entries, read once in a script and written with each entry (docs/decisions/048-…): `from`: entries
-- before this number are not counted; `to`: the head when this was written; `messages`, `notices`: bytes; `counted_at`:
-- when all was last recounted; `indexed`: AUTHORS has all entries from this number on; `is_stale`: 1 when a replica of
-- an older version has written since; `has_more`: 1 when entries before `from` are still to be trimmed.
local totals

local function add_bytes(entry, bytes)
  if entry.seq < totals.from then return end
  local part = entry.dedupe_field == '' and 'notices' or 'messages'
  totals[part] = math.max(0, totals[part] + bytes)
end

-- Counts from the newest entry down, and stops when messages exceed LIMIT_BYTES: an older version may have left many more.
local function count_anew(head, at)
  totals.from, totals.messages, totals.notices, totals.counted_at = head + 1, 0, 0, at
  totals.is_stale, totals.has_more = 0, 0
  local page
  repeat
    page = kept_entries(nil, totals.from, 500, true)
    for _, entry in ipairs(page) do
      totals.from = entry.seq
      add_bytes(entry, #entry.line)
      if totals.messages > LIMIT_BYTES then
        totals.has_more = 1
        return
      end
    end
  until #page < 500
end

local function open_totals(written, head, at)
  if totals then return end
  local from, to, messages, notices, counted_at, indexed, is_stale, has_more =
    string.match(written or '', '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d) (%d)$')
  totals = { from = tonumber(from), messages = tonumber(messages), notices = tonumber(notices),
    counted_at = tonumber(counted_at or 0), indexed = tonumber(indexed), is_stale = tonumber(is_stale),
    has_more = tonumber(has_more) }
  if tonumber(to) ~= head then
    totals.is_stale = 1
    totals.indexed = head + 1
  end
  if not from or totals.is_stale == 1 and at - totals.counted_at >= RECOUNT_MS then count_anew(head, at) end
end

local function open_totals_now()
  if totals then return end
  local seq, written = unpack(redis.call('HMGET', ROOM, 'seq', 'books'))
  open_totals(written, tonumber(seq), now())
end

local function written_totals(head)
  return string.format('%d %d %d %d %d %d %d %d', totals.from, head, totals.messages, totals.notices,
    totals.counted_at, totals.indexed, totals.is_stale, totals.has_more)
end

-- A dedupe field lives exactly as long as its message, even when the message's text was removed.
local function drop_entry(entry)
  if entry.dedupe_field ~= '' then redis.call('HDEL', DEDUPE, entry.dedupe_field) end
  if entry.amended then redis.call('ZREM', AMENDED, entry.amended) else redis.call('XDEL', FEED, id_of(entry.seq)) end
  local author = author_of(entry)
  if author then unindex_entry(author, entry.seq) end
end

-- Returns the oldest entries to drop so that the rest is within its bounds: messages by number and bytes, and notices
-- likewise, so that notices push out a message only when they far outnumber all messages that may be kept. `newest` is
-- about to be written and stays; `entries` and `messages` count it. Takes the dropped entries out of the totals.
local function surplus(newest, entries, messages)
  local function is_over()
    return messages > LIMIT or totals.messages > LIMIT_BYTES or entries - messages > NOTICES_EACH * LIMIT
      or totals.notices > LIMIT_BYTES or totals.has_more == 1
  end
  local going, step, last = {}, 1, nil
  while is_over() and #going < TRIMMED_AT_ONCE do
    local page = kept_entries(last, nil, step)
    for _, old in ipairs(page) do
      if old.seq >= totals.from then totals.has_more = 0 end
      if not is_over() then return going end
      going[#going + 1], last = old, old.seq
      add_bytes(old, -#old.line)
      entries = entries - 1
      if old.dedupe_field ~= '' then messages = messages - 1 end
    end
    if #page < step then
      -- No other entry is left, even if the totals counted some.
      totals.has_more, totals.messages, totals.notices = 0, 0, 0
      add_bytes(newest, #newest.line)
      return going
    end
    step = math.min(2 * step, 100)
  end
  return going
end
