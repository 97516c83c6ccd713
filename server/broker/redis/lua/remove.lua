-- Deletes a message's text for good. `connection_key`: '' when the owner or a moderator removes it. Further keys: in a conversation, what its two visitors have not read.
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

local published = redis.call('HGET', DEDUPE, published_field(author, seq))
local copy = published and entry_at(tonumber(string.match(published, '^%d+')))
if copy and remove_text(copy) > 0 then append('"kind":"removal","targets":[' .. digits(copy.seq) .. ']', '') end
if remove_text(entry) == 0 then return 0 end
append('"kind":"removal","targets":[' .. digits(seq) .. ']' .. (mark_of(entry.line) or ''), '')
-- `append` does not renew the keys' expiry every time, and AMENDED may be new.
redis.call('PEXPIRE', AMENDED, redis.call('PTTL', ROOM))
for index = MORE_KEYS, #KEYS do redis.call('ZREM', KEYS[index], digits(seq)) end
return 0
