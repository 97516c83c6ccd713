-- ARGV[6...]: after, before ('' when open), limit, max bytes. Oldest first from `after`, else the newest.
local after, before, limit, max_bytes = ARGV[6], ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local _, refused = open_room()
if refused then return refused end

local epoch, head = unpack(redis.call('HMGET', ROOM, 'epoch', 'seq'))
local oldest = redis.call('XRANGE', FEED, '-', '+', 'COUNT', 1)[1]
local first = oldest and tonumber(string.match(oldest[1], '^%d+')) or tonumber(head) + 1
local upper = before == '' and '+' or '(' .. before .. '-0'

local lines
if before == '0' then
  -- Nothing stands before the first number, and Redis takes this end of a range for an error.
  lines = {}
elseif after ~= '' then
  lines = redis.call('XRANGE', FEED, '(' .. after .. '-0', upper, 'COUNT', limit)
else
  lines = redis.call('XREVRANGE', FEED, upper, '-', 'COUNT', limit)
end
local entries, bytes = {}, 0
for _, line in ipairs(lines) do
  bytes = bytes + #line[2][2]
  if bytes > max_bytes and #entries > 0 then break end
  entries[#entries + 1] = line[2][2]
end
return { epoch, first, tonumber(head), entries }
