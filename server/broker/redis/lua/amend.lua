-- Put after append.lua: rewrites an entry so that nothing of its old text is left in Redis.

-- XDEL only marks an entry: its bytes stay in its node of the stream, in memory and in every dump, until the last entry
-- of that node is deleted. A node holds at most NODE_ENTRIES entries, and NODE_BYTES bytes unless it holds a single
-- entry (the defaults of stream-node-max-entries and stream-node-max-bytes).
local NODE_ENTRIES, NODE_BYTES = 100, 4096

local function move(seq, dedupe_field, line)
  redis.call('ZADD', AMENDED, digits(seq), dedupe_field .. '\n' .. line)
  redis.call('XDEL', FEED, id_of(seq))
end

-- Moves the entries on one side of an entry that may share its node. Returns how many it moved.
local function move_neighbours(seq, is_before)
  local bytes, moved = 0, 0
  while moved < NODE_ENTRIES - 1 and bytes < NODE_BYTES do
    local found = {}
    if is_before then
      add_from_stream(found, '-', '(' .. id_of(seq), 1, true)
    else
      add_from_stream(found, '(' .. id_of(seq), '+', 1)
    end
    local next_one = found[1]
    if not next_one then return moved end
    bytes = bytes + #next_one.line
    move(next_one.seq, next_one.dedupe_field, next_one.line)
    moved = moved + 1
  end
  return moved
end

-- Replaces the entry of that number with `line`, and keeps its dedupe field. Looks the entry up itself, because another
-- amendment may have moved it since the caller read it. Returns how many entries it moved. Its change to the totals is
-- written with the next entry.
local function amend(seq, line)
  local entry = entry_at(seq)
  if not entry then return 0 end
  open_totals_now()
  add_bytes(entry, #line - #entry.line)
  move(entry.seq, entry.dedupe_field, line)
  if entry.amended then redis.call('ZREM', AMENDED, entry.amended) end
  -- Even if the entry was moved before, as a neighbour: its old node may still hold its old text.
  return 1 + move_neighbours(seq, true) + move_neighbours(seq, false)
end

-- Removes a message's text for good, from every entry that has some of it. Returns how many entries it moved: 0 when the
-- text was removed before.
local function remove_text(entry)
  local removed = string.match(entry.line, '^{"seq":%d+,"at":%d+,') .. '"kind":"removed"}'
  if entry.line == removed then return 0 end
  return amend(entry.seq, removed)
end
