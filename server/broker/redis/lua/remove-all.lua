-- Deletes the texts of a visitor's messages, from the newest down. It is called again until it returns 0 for `before`,
-- because a room can have too many for one step. Each step is whole. `before`: continue below this number, '' at first.
-- Returns the next `before`, 0 at the end, and how many texts this step deleted. Further keys: in a conversation, the
-- unread sets of both visitors.
before = tonumber(before)

local _, refused = open_room()
if refused then return refused end
check_feed()
local left_ms = redis.call('PTTL', ROOM)
if index_some_older(left_ms) then return { before or tonumber(redis.call('HGET', ROOM, 'seq')) + 1, 0 } end

local removed, targets, moved, seen, next_before = {}, {}, 0, 0, 0
for _, block in ipairs(blocks_of(visitor)) do
  for _, seq in ipairs(numbers_in(block)) do
    if next_before == 0 and (not before or seq < before) then
      local entry = entry_at(seq)
      if entry and has_text(entry) then
        moved = moved + remove_text(entry)
        removed[#removed + 1] = entry
        targets[#targets + 1] = digits(seq)
      end
      seen = seen + 1
      if seen >= PAGE or moved >= MOVED_AT_ONCE then next_before = seq end
    end
  end
end
if #targets == 0 then return { next_before, 0 } end

append_removals(visitor, removed, '')
for _, key in ipairs(FEED_KEYS) do
  if left_ms > 0 then redis.call('PEXPIRE', key, left_ms) end
end
for index = MORE_KEYS, #KEYS do redis.call('ZREM', KEYS[index], unpack(targets)) end
return { next_before, #targets }
