-- ARGV[9...]: connection, clientMessageId, the entry's JSON after its author, epoch and seq that the author knew at its
-- first try ('' when it does not say), how long a name is kept once its visitor has spoken, how long one entry and how
-- long a full burst keep the room busy, the same for the author, how many unread messages are counted, and in a
-- conversation its two visitors. KEYS[12], KEYS[13]: what those two have not read.
local connection, client_message_id, tail, since_epoch, since_seq, name_ttl = unpack(ARGV, 9, 14)
local most_unread = ARGV[19]

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

local said, last_by, asked_by, busy = unpack(redis.call('HMGET', ROOM, 'said', 'lastBy', 'askedBy', 'busyUntil'))
-- A visitor that requests a conversation writes once until its partner comes.
if said and asked_by == visitor then return refusal('forbidden') end

-- Of each rate its own: who is no newcomer any more does not owe what it did as one.
local pace = key_of('pace:' .. visitor .. ':' .. ARGV[17])
local own_until, too_fast = busy_with_one_more('own', redis.call('GET', pace), ARGV[17], ARGV[18])
if too_fast then return too_fast end
local busy_until, too_busy = busy_with_one_more('room', busy, ARGV[15], ARGV[16])
if too_busy then return too_busy end

for index = 12, #KEYS do redis.call('ZCARD', KEYS[index]) end
local fields = { 'busyUntil', busy_until, 'lastBy', visitor }
if said and last_by ~= visitor then
  fields[5], fields[6] = 'talkAt', digits(now())
end
local seq, at = append('"kind":"message","by":' .. member .. ',' .. tail, dedupe_field, unpack(fields))
if ARGV[18] ~= '' then redis.call('SET', pace, own_until, 'PX', digits(own_until - now() + 1)) end
redis.call('PEXPIRE', key_of('kept-name:' .. visitor), name_ttl)
for index = 12, #KEYS do
  local unread = KEYS[index]
  if ARGV[index + 8] ~= visitor then
    redis.call('ZADD', unread, seq, digits(seq))
    redis.call('ZREMRANGEBYRANK', unread, 0, -most_unread - 1)
  end
  -- Trimmed messages can no longer be read.
  redis.call('ZREMRANGEBYSCORE', unread, '-inf', '(' .. digits(first_kept()))
  redis.call('PEXPIRE', unread, TTL)
end
return { seq, at }
