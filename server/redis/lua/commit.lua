-- One step on records (server/records/records.ts). KEYS: the records to write. ARGV, in this order:
-- 1. for each record its Redis type, '' for any;
-- 2. the number of reads, and for each read: the number of words, the words of the command, the expected reply;
-- 3. for each write: the number of words, the words of the command.
-- Returns the reply of each write, or nothing when a read has another reply than expected.
local at = #KEYS + 1
local function next_arg()
  at = at + 1
  return ARGV[at - 1]
end
local function next_command()
  local count = tonumber(next_arg())
  at = at + count
  return unpack(ARGV, at - count, at - 1)
end

-- A reply as one text. Each part has its length in front, so different replies give different texts.
local function plain(reply)
  if type(reply) == 'table' then
    for index = 1, #reply do reply[index] = plain(reply[index]) end
    return table.concat(reply)
  end
  if not reply then return '-' end
  local text = tostring(reply)
  return #text .. ':' .. text
end

-- Adds the member to the list at a moment later than all others there, even if the clock goes back.
local function stamp(list, member)
  local last = redis.call('ZRANGE', list, 0, 0, 'REV', 'WITHSCORES')[2]
  local moment = digits(math.max(now(), tonumber(last or '0') + 1))
  redis.call('ZADD', list, moment, member)
  return moment
end

local function carry_out(command, ...)
  if command == 'stamp' then return stamp(...) end
  return redis.call(command, ...)
end

for _ = 1, tonumber(next_arg()) do
  if plain(redis.call(next_command())) ~= next_arg() then return false end
end
-- A write that fails would not undo those before it.
for index, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if ARGV[index] ~= '' and kind ~= 'none' and kind ~= ARGV[index] then
    return { err = 'WRONGTYPE ' .. kind .. ' in place of ' .. ARGV[index] }
  end
end
local replies = {}
while at <= #ARGV do replies[#replies + 1] = carry_out(next_command()) end
return replies
