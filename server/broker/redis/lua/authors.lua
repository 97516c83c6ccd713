-- Put after entries.lua: finds a visitor's entries. AUTHORS has a field for each visitor and each block of BLOCK numbers.
local BLOCK = 200

-- The visitor who wrote an entry, or is named in it.
local function author_of(entry)
  return string.match(entry.dedupe_field, '^(.*):')
    or string.match(entry.line, '^{"seq":%d+,"at":%d+,"kind":"%a+","by":{"id":"([^"]*)"')
end

local function block_of(author, seq)
  return author .. ':' .. digits(math.floor(seq / BLOCK))
end

local function offset_in_block(seq)
  return string.format('%03d', seq % BLOCK)
end

-- AUTHORS: each block has the numbers of one visitor's entries, three digits each, in order. `offsets`: the numbers it
-- has so far.
local function index_entry(author, seq, offsets)
  redis.call('HSET', AUTHORS, block_of(author, seq), offsets .. offset_in_block(seq))
end

-- Trimming goes upwards: dropping the last number of a block empties the block.
local function unindex_entry(author, seq)
  local block = block_of(author, seq)
  local offsets = redis.call('HGET', AUTHORS, block)
  if offsets and string.sub(offsets, -3) <= offset_in_block(seq) then redis.call('HDEL', AUTHORS, block) end
end

-- A visitor's blocks in AUTHORS, the newest first: of the newest `most_blocks`, or of all that may have kept entries.
local function blocks_of(visitor, most_blocks)
  local highest = math.floor(tonumber(redis.call('HGET', ROOM, 'seq') or '0') / BLOCK)
  local lowest = math.floor(first_kept() / BLOCK)
  if most_blocks then lowest = math.max(lowest, highest - most_blocks + 1) end
  local blocks = {}
  for top = highest, lowest, -100 do
    local fields, numbers = {}, {}
    for block = top, math.max(lowest, top - 99), -1 do
      numbers[#numbers + 1] = block
      fields[#fields + 1] = visitor .. ':' .. digits(block)
    end
    for position, offsets in ipairs(redis.call('HMGET', AUTHORS, unpack(fields))) do
      if offsets then blocks[#blocks + 1] = { field = fields[position], start = numbers[position] * BLOCK, offsets = offsets } end
    end
  end
  return blocks
end

-- A block's numbers, the newest first.
local function numbers_in(block)
  local numbers = {}
  for position = #block.offsets - 2, 1, -3 do
    numbers[#numbers + 1] = block.start + tonumber(string.sub(block.offsets, position, position + 2))
  end
  return numbers
end
