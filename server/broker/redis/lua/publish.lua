-- `tail`: the entry's JSON after its author. `since_epoch`, `since_seq`: the author's cursor at its first try ('' when the
-- client sends none). `name_ttl`: how long a name is kept once its visitor has spoken; '' when it was renewed recently.
-- `room_each_ms`, `room_burst_ms`: how long one entry and how long a full burst keep the room busy; `own_…`: the same for
-- the author. `role`: as with_role takes it; `is_withheld`: '1' or ''. For a conversation, ARGV has its two visitors from
-- MORE on, and KEYS their unread sets from MORE_KEYS on.

local epoch, refused = open_room()
if refused then return refused end
local visitor, member = member_of(connection_key)
if not member then return refusal('not_joined') end

local dedupe_field = visitor .. ':' .. client_message_id
local receipt = redis.call('HGET', DEDUPE, dedupe_field)
if receipt then
  local seq, at = string.match(receipt, '^(%d+):(%d+)$')
  return { tonumber(seq), tonumber(at) }
end

local state = as_opened or feed_state()
if since_epoch ~= '' then
  if since_epoch ~= epoch or tonumber(since_seq) + 1 < first_kept() then return refusal('expired') end
end

local said, last_by, asked_by, busy = state.said, state.last_by, state.asked_by, state.busy_until
-- The visitor that requests a conversation may write one message before its partner enters.
if said and asked_by == visitor then return refusal('forbidden') end

-- Each rate has its own bucket: debt from the slower newcomer rate does not carry over.
local pace = key_of('pace:' .. visitor .. ':' .. own_each_ms)
local own_until, too_fast = busy_with_one_more('own', own_burst_ms ~= '' and redis.call('GET', pace), own_each_ms, own_burst_ms)
if too_fast then return too_fast end
local busy_until, too_busy = busy_with_one_more('room', busy, room_each_ms, room_burst_ms)
if too_busy then return too_busy end

for index = MORE_KEYS, #KEYS do redis.call('ZCARD', KEYS[index]) end
local fields = { 'busyUntil', busy_until, 'lastBy', visitor }
if said and last_by ~= visitor then
  fields[5], fields[6] = 'talkAt', digits(now())
end
-- Keep own views of the latest authors only, and of kept messages only: a flood must not make the hash grow.
local MOST_OWN_VIEWS = 100
local function drop_old_views()
  local views, first = {}, first_kept()
  for field, text in pairs(fields_of(ROOM)) do
    if string.sub(field, 1, 4) == 'own:' then
      views[#views + 1] = { field = field, seq = tonumber(string.match(text, '^%d+') or '0') }
    end
  end
  table.sort(views, function(one, other) return one.seq > other.seq end)
  for index, view in ipairs(views) do
    if index > MOST_OWN_VIEWS or view.seq < first then redis.call('HDEL', ROOM, view.field) end
  end
end

-- How the room looks to the author of withheld messages (OwnView in broker/rooms.ts): number, epoch and time of its last
-- reply.
local function note_own_view(seq, at)
  local field = 'own:' .. visitor
  local before, replied_at = string.match(redis.call('HGET', ROOM, field) or '', '^(%d+) %S+ (%d*)$')
  local last = said and tonumber(string.match(said, '^%d+')) or 0
  local is_reply = tonumber(before or '0') <= last and said and last_by ~= visitor
  redis.call('HSET', ROOM, field,
    digits(seq) .. ' ' .. epoch .. ' ' .. (is_reply and digits(at) or replied_at or ''))
  drop_old_views()
end

local by = with_role(member, role)
if by ~= member then redis.call('HSET', MEMBERS, visitor, by) end
if is_withheld == '1' then
  tail = tail .. ',"withheldOf":"' .. visitor .. '"'
  if #KEYS < MORE_KEYS then fields = { 'busyUntil', busy_until } end
end
local seq, at = append_to(state, '"kind":"message","by":' .. by .. ',' .. tail, dedupe_field, unpack(fields))
if is_withheld == '1' and #KEYS < MORE_KEYS then note_own_view(seq, at) end
if own_burst_ms ~= '' then redis.call('SET', pace, own_until, 'PX', digits(own_until - now() + 1)) end
if name_ttl ~= '' then redis.call('PEXPIRE', key_of('kept-name:' .. visitor), name_ttl) end
for index = MORE_KEYS, #KEYS do
  local unread = KEYS[index]
  if ARGV[MORE + index - MORE_KEYS] ~= visitor and is_withheld ~= '1' then
    redis.call('ZADD', unread, seq, digits(seq))
    redis.call('ZREMRANGEBYRANK', unread, 0, -most_unread - 1)
  end
  -- Trimmed messages can no longer be read.
  redis.call('ZREMRANGEBYSCORE', unread, '-inf', '(' .. digits(first_kept()))
  redis.call('PEXPIRE', unread, TTL)
end
return { seq, at }
