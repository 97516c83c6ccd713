-- Deletes a message's text for good. `connection_key`: '' when the owner or a moderator removes it. Further keys: in a
-- conversation, the unread sets of both visitors.
seq = tonumber(seq)

local _, refused = open_room()
if refused then return refused end
local visitor
if connection_key ~= '' then
  visitor = member_of(connection_key)
  if not visitor then return refusal('not_joined') end
end
check_feed()

local entry = entry_at(seq)
-- Only messages have a dedupe field, and they keep it when removed.
if not entry or entry.dedupe_field == '' then return refusal('bad_request') end
local author = string.match(entry.dedupe_field, '^(.*):')
if visitor and author ~= visitor and redis.call('HGET', ROOM, 'owner') ~= visitor then return refusal('forbidden') end

-- The number of a withheld message or of its `published` entry removes both. The older one may already be trimmed.
local original = tonumber(string.match(entry.dedupe_field, ':published%.(%d+)$')) or seq
local withheld = original == seq and entry or entry_at(original)
local published = redis.call('HGET', DEDUPE, published_field(author, original))
local copy = published and entry_at(tonumber(string.match(published, '^%d+')))
local removed = {}
local function remove(message)
  if message and remove_text(message) > 0 then removed[#removed + 1] = message end
end
remove(copy)
remove(withheld)
if #removed == 0 then return 0 end
append_removals(author, removed, '')
-- `append` does not renew the keys' expiry every time, and AMENDED may be new.
redis.call('PEXPIRE', AMENDED, redis.call('PTTL', ROOM))
for index = MORE_KEYS, #KEYS do redis.call('ZREM', KEYS[index], digits(original)) end
return 0
