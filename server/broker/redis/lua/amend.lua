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

-- Whether the entry is, or carries, a message with its text.
local function has_text(entry)
  local kind = string.match(entry.line, '^{"seq":%d+,"at":%d+,"kind":"(%a+)"')
  return kind == 'message' or kind == 'published'
end

-- The JSON field, with its comma, that says which readers get a removed message or its removal (entry-json.ts):
-- `withheldOf` only the author, `publishedOf` everyone except the author.
local function published_mark(author)
  return ',"publishedOf":"' .. author .. '"'
end

-- Removes a message's text for good, from every entry that carries it. Returns how many entries it moved: 0 when the text
-- was already removed.
local function remove_text(entry)
  local copied = published_of(entry)
  local mark = copied and published_mark(copied) or mark_of(entry.line) or ''
  local removed = string.match(entry.line, '^{"seq":%d+,"at":%d+,') .. '"kind":"removed"' .. mark .. '}'
  if entry.line == removed then return 0 end
  return amend(entry.seq, removed)
end

-- Appends the removal of one author's messages; `entries` shows them as they were before. If some of them were withheld,
-- it appends two removals: each reader gets one, which names only the messages that this reader got.
local function append_removals(author, entries, more)
  local all, own, others = {}, {}, {}
  table.sort(entries, function(one, other) return one.seq < other.seq end)
  for _, entry in ipairs(entries) do
    local seq = digits(entry.seq)
    all[#all + 1] = seq
    if not published_of(entry) then own[#own + 1] = seq end
    if not mark_of(entry.line) then others[#others + 1] = seq end
  end
  local function tell(targets, mark)
    if #targets == 0 and more == '' then return end
    append('"kind":"removal","targets":[' .. table.concat(targets, ',') .. ']' .. more .. mark, '')
  end
  if #own == #all and #others == #all then return tell(all, '') end
  tell(others, published_mark(author))
  tell(own, ',"withheldOf":"' .. author .. '"')
end

-- For scripts that amend many entries. PAGE: entries looked at in one step. MOVED_AT_ONCE: neighbours that it may move.
local PAGE, MOVED_AT_ONCE = 500, 300

-- Indexes the entries that an older version wrote without indexing them: once, for all visitors.
local function index_older(before)
  local numbers, indexed = {}, before
  for _, entry in ipairs(kept_entries(nil, before, PAGE, true)) do
    indexed = entry.seq
    local author = author_of(entry)
    if author then
      local block = block_of(author, entry.seq)
      numbers[block] = offset_in_block(entry.seq) .. (numbers[block] or '')
    end
  end
  for block, offsets in pairs(numbers) do
    redis.call('HSET', AUTHORS, block, offsets .. (redis.call('HGET', AUTHORS, block) or ''))
  end
  return indexed
end

-- Returns true if it indexed entries: then the script is called again. `left_ms`: the time left until the feed expires.
local function index_some_older(left_ms)
  open_totals_now()
  if totals.indexed <= first_kept() then return false end
  totals.indexed = index_older(totals.indexed)
  redis.call('HSET', ROOM, 'books', written_totals(tonumber(redis.call('HGET', ROOM, 'seq'))))
  if left_ms > 0 then redis.call('PEXPIRE', AUTHORS, left_ms) end
  return true
end
