-- Put after totals.lua: writes an entry.

-- How long a feed may live before an entry renews its keys' expiry: renewing it with every entry would be waste.
local RENEW_MS = math.min(60000, tonumber(TTL) / 100)

local FEED_KEYS = { ROOM, FEED, DEDUPE, AMENDED, AUTHORS }

-- The fields that number the next entry, and the joins and leaves that wait for a crowd notice.
local function feed_state()
  local epoch, at, seq, written, counted = unpack(redis.call('HMGET', ROOM, 'epoch', 'at', 'seq', 'books', 'visits'))
  return { epoch = epoch, at = tonumber(at), head = tonumber(seq), totals = written, counted = counted or '' }
end

-- Reads a key of every kind that the entry writes, before the first write, as check_feed does; the entry itself is the
-- first write. Returns how many entries and messages are kept at most, the offsets in its author's block, and whether a
-- key does not exist yet.
local function check_for(author, number, is_message)
  local offsets = author and redis.call('HGET', AUTHORS, block_of(author, number))
  local has_authors, messages = offsets or redis.call('HLEN', AUTHORS) > 0, redis.call('HLEN', DEDUPE)
  -- Up to LIMIT entries none is dropped for their number, so it need not be exact. A kept message proves that the feed exists.
  if is_message and messages > 0 and number <= LIMIT then return number - 1, messages, offsets or '', not has_authors end
  local entries = redis.call('XLEN', FEED) + redis.call('ZCARD', AMENDED)
  return entries, messages, offsets or '', not has_authors or is_message and messages == 0 or entries == 0
end

-- Numbers, stores and publishes an entry. `body` is its JSON without seq, at and braces; the arguments after the dedupe
-- field are room fields and their values, written in the same step.
local function write_entry(state, body, dedupe_field, ...)
  local at = math.max(now(), state.at)
  local number = state.head + 1
  local seq = digits(number)
  local newest = { seq = number, dedupe_field = dedupe_field,
    line = '{"seq":' .. seq .. ',"at":' .. digits(at) .. ',' .. body .. '}' }
  local author = author_of(newest)
  local is_message = dedupe_field ~= ''
  local entries, messages, offsets, is_incomplete = check_for(author, number, is_message)
  open_totals(state.totals, state.head, at)
  add_bytes(newest, #newest.line)
  local going = surplus(newest, entries + 1, is_message and messages + 1 or messages)
  local is_renewing = is_incomplete or redis.call('PTTL', ROOM) < TTL - RENEW_MS
  local fields = { 'seq', seq, 'at', digits(at), 'books', written_totals(number), ... }
  -- In a conversation a withheld message counts too: the server must know that the requester has written its one message.
  if is_message and (#KEYS >= MORE_KEYS or not mark_of(newest.line)) then
    fields[#fields + 1] = 'said'
    fields[#fields + 1] = seq .. ':' .. state.epoch
  end
  redis.call('XADD', FEED, seq .. '-0', 'e', newest.line, 'd', dedupe_field)
  redis.call('HSET', ROOM, unpack(fields))
  if is_message then redis.call('HSET', DEDUPE, dedupe_field, seq .. ':' .. digits(at)) end
  if author then index_entry(author, number, offsets) end
  for _, old in ipairs(going) do drop_entry(old) end
  if is_renewing then
    for _, key in ipairs(FEED_KEYS) do redis.call('PEXPIRE', key, TTL) end
  end
  redis.call(PUBLISH, CHANNEL, state.epoch .. ' ' .. seq .. ' ' .. newest.line)
  return number, at
end
