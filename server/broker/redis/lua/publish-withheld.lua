-- Appends a withheld message anew, as a `published` entry.
seq = tonumber(seq)

local _, refused = open_room()
if refused then return refused end
check_feed()
local entry = entry_at(seq)
local is_message = entry and string.find(entry.line, '^{"seq":%d+,"at":%d+,"kind":"message",')
local mark = is_message and mark_of(entry.line)
if not mark then return refusal('bad_request') end
local author = author_of(entry)
local dedupe_field = published_field(author, seq)
local receipt = redis.call('HGET', DEDUPE, dedupe_field)
if receipt then
  local first, first_at = string.match(receipt, '^(%d+):(%d+)$')
  return { tonumber(first), tonumber(first_at) }
end

local said, last_by = unpack(redis.call('HMGET', ROOM, 'said', 'lastBy'))
local fields = { 'lastBy', author }
if said and last_by ~= author then fields[3], fields[4] = 'talkAt', digits(now()) end
local message = string.sub(entry.line, 1, #entry.line - #mark - 1) .. '}'
local number, at = append('"kind":"published","message":' .. message, dedupe_field, unpack(fields))
return { number, at }
