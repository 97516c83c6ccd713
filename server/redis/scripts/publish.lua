-- ARGV[8...]: connection, clientMessageId, the entry's JSON behind its author,
-- epoch and seq of what the author knew at its first try ('' when it does not say).
local connection, client_message_id, tail, since_epoch, since_seq = unpack(ARGV, 8)

local epoch, refused = open_room()
if refused then return refused end
local visitor, member = member_of(connection)
if not member then return refusal('not_joined') end

local dedupe_field = visitor .. ':' .. client_message_id
local receipt = redis.call('HGET', DEDUPE, dedupe_field)
if receipt then
  local seq, at = string.match(receipt, '^(%d+):(%d+)$')
  return { tonumber(seq), tonumber(at) }
end

if since_epoch ~= '' then
  if since_epoch ~= epoch or tonumber(since_seq) + 1 < first_kept() then return refusal('expired') end
end

local seq, at = append('"kind":"message","by":' .. member .. ',' .. tail, dedupe_field)
return { seq, at }
