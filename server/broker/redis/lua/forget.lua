-- Removes some of a visitor's traces from a room, and is called again until it returns 0: a room can have too many
-- entries for one step. Each step is whole. `nameless`: the visitor's member as JSON, under the forgotten name.
-- `word`: the forgotten name as JSON. Further keys: in a conversation, the unread sets of both visitors.

local function forget_names()
  local list = key_of('held-by:' .. visitor)
  for _, skeleton in ipairs(redis.call('SMEMBERS', list)) do
    local held = key_of('held:' .. skeleton)
    if redis.call('GET', held) == visitor then redis.call('DEL', held) end
  end
  redis.call('DEL', list, KEPT_NAME)
end

local _, refused = open_room()
if refused then
  -- A closed or expired room may still hold or keep names.
  forget_names()
  return refused
end
check_feed()
redis.call('SCARD', COUNTED_JOINS)

if redis.call('HEXISTS', MEMBERS, visitor) == 1 then
  for connection_key, holder in pairs(fields_of(CONNECTIONS)) do
    if holder == visitor then drop(connection_key) end
  end
end

-- Joins, leaves, renames and closings name the visitor in `by`, and a rename also in `was`. Returns how many entries it
-- moved: 0 when the name was already removed.
local function remove_name(entry, head, kind)
  local line = head .. '"by":' .. nameless .. (kind == 'rename' and ',"was":' .. word or '') .. '}'
  if line == entry.line then return 0 end
  return amend(entry.seq, line)
end

local left_ms = redis.call('PTTL', ROOM)
redis.call('HDEL', ROOM, 'own:' .. visitor)
if redis.call('HGET', ROOM, 'owner') == visitor then redis.call('HSET', ROOM, 'owner', '') end
if redis.call('HGET', ROOM, 'lastBy') == visitor then redis.call('HSET', ROOM, 'lastBy', '-') end
if index_some_older(left_ms) then return 1 end

local removed, rewritten, moved = {}, 0, 0
local function forget_entry(seq)
  local entry = entry_at(seq)
  if not entry then return end
  local head, kind, by = string.match(entry.line, '^({"seq":%d+,"at":%d+,"kind":"(%a+)",)"by":{"id":"([^"]*)"')
  local is_text = has_text(entry) and author_of(entry) == visitor
  if by ~= visitor and not is_text then return end
  if is_text then removed[#removed + 1] = entry end
  local moved_for_it = is_text and remove_text(entry) or remove_name(entry, head, kind)
  if moved_for_it == 0 then return end
  moved = moved + moved_for_it
  rewritten = rewritten + 1
end

local is_done, seen = true, 0
for _, block in ipairs(blocks_of(visitor)) do
  local looked_at = 0
  for _, seq in ipairs(numbers_in(block)) do
    if seen >= PAGE or moved >= MOVED_AT_ONCE then
      is_done = false
      break
    end
    forget_entry(seq)
    looked_at, seen = looked_at + 1, seen + 1
  end
  local offsets = string.sub(block.offsets, 1, #block.offsets - 3 * looked_at)
  if offsets == '' then
    redis.call('HDEL', AUTHORS, block.field)
  elseif looked_at > 0 then
    redis.call('HSET', AUTHORS, block.field, offsets)
  end
  if not is_done then break end
end

-- Append it even when the visitor has said nothing: screens show its names in earlier entries.
if rewritten > 0 then
  append_removals(visitor, removed, ',"forgotten":"' .. visitor .. '"')
  -- A removal must not prolong the room's life: the moved entries expire with the others.
  for _, key in ipairs(FEED_KEYS) do
    if left_ms > 0 then redis.call('PEXPIRE', key, left_ms) end
  end
end
if not is_done then return 1 end
forget_names()
if #KEYS >= MORE_KEYS then redis.call('DEL', unpack(KEYS, MORE_KEYS)) end
return 0
