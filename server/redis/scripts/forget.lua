-- Takes everything of a visitor out of a room. KEYS[10]: its kept name, and in a conversation KEYS[11], KEYS[12]: what its two
-- have not read, which is the visitor's own and for the visitor. ARGV[8...]: the visitor, its member as JSON with
-- the word that stands where its name was, that word as JSON.
local visitor, nobody, word = unpack(ARGV, 8)
local PAGE = 100

local _, refused = open_room()
if refused then
  -- Of a closed room, and of one that is no more, there may be this still.
  redis.call('DEL', KEYS[10])
  return refused
end
check_feed()

for connection, holder in pairs(fields_of(CONNECTIONS)) do
  if holder == visitor then drop(connection) end
end

-- Joins, leaves, renames and closings name it in `by`, and only a rename in `was` too.
local function without_name(head, kind)
  return head .. '"by":' .. nobody .. (kind == 'rename' and ',"was":' .. word or '') .. '}'
end

local targets, is_named, last = {}, false, nil
repeat
  local page = kept_entries(last, nil, PAGE)
  for _, entry in ipairs(page) do
    last = entry.seq
    local head, kind, by = string.match(entry.line, '^({"seq":%d+,"at":%d+,"kind":"(%a+)",)"by":{"id":"([^"]*)"')
    if by == visitor and kind == 'message' then
      targets[#targets + 1] = digits(entry.seq)
      amend(entry.seq, removed(entry))
    elseif by == visitor and entry.line ~= without_name(head, kind) then
      is_named = true
      amend(entry.seq, without_name(head, kind))
    end
  end
until #page < PAGE

if redis.call('HGET', ROOM, 'lastBy') == visitor then redis.call('HSET', ROOM, 'lastBy', '-') end
-- Told also when it has said nothing: screens show its names in what came before.
if #targets > 0 or is_named then
  append('"kind":"removal","targets":[' .. table.concat(targets, ',') .. '],"forgotten":"' .. visitor .. '"', '')
end
-- Nothing new was said: what was moved expires with the rest.
local left_ms = redis.call('PTTL', ROOM)
if left_ms > 0 then redis.call('PEXPIRE', AMENDED, left_ms) end
if redis.call('HGET', ROOM, 'owner') == visitor then redis.call('HSET', ROOM, 'owner', '') end
redis.call('DEL', unpack(KEYS, 10))
return 0
