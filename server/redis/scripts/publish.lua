-- ARGV[8...]: connection, clientMessageId, the entry's JSON behind its author,
-- epoch and seq of what the author knew at its first try ('' when it does not say), how many unread ones are counted, and in
-- a conversation both of its visitors. KEYS[10], KEYS[11]: what those two have not read.
local connection, client_message_id, tail, since_epoch, since_seq, most_unread = unpack(ARGV, 8, 13)

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

local said, last_by, asked_by = unpack(redis.call('HMGET', ROOM, 'said', 'lastBy', 'askedBy'))
-- Who asks for a conversation writes once, until the other one comes.
if said and asked_by == visitor then return refusal('forbidden') end

for index = 10, #KEYS do redis.call('ZCARD', KEYS[index]) end
local seq, at = append('"kind":"message","by":' .. member .. ',' .. tail, dedupe_field)
if said and last_by ~= visitor then redis.call('HSET', ROOM, 'talkAt', digits(at)) end
if last_by ~= visitor then redis.call('HSET', ROOM, 'lastBy', visitor) end
for index = 10, #KEYS do
  local unread = KEYS[index]
  if ARGV[index + 4] ~= visitor then
    redis.call('ZADD', unread, seq, digits(seq))
    redis.call('ZREMRANGEBYRANK', unread, 0, -most_unread - 1)
  end
  -- What is kept no more cannot be read any more.
  redis.call('ZREMRANGEBYSCORE', unread, '-inf', '(' .. digits(first_kept()))
  redis.call('PEXPIRE', unread, TTL)
end
return { seq, at }
