-- `after`, `before`: '' when open. Oldest first from `after`, else the newest.
after, before, limit, max_bytes = tonumber(after), tonumber(before), tonumber(limit), tonumber(max_bytes)
-- A closed room too: clients still fetch its last entries.
local epoch, closed, refused = known_room()
if refused then return refused end

local rewound_from, head = unpack(redis.call('HMGET', ROOM, 'rewoundFrom', 'seq'))
local is_newest = not after
local low, high = after, before

-- Read in growing steps: a page of the largest entries is 8 MB and took 17 ms to fetch, but 0.3 ms up to `max_bytes`.
local lines, bytes, step = {}, 0, 16
local is_full = false
while not is_full do
  local count = math.min(step, limit - #lines)
  local entries = kept_entries(low, high, count, is_newest)
  is_full = #entries < count
  for _, entry in ipairs(entries) do
    bytes = bytes + #entry.line
    if bytes > max_bytes and #lines > 0 then is_full = true break end
    lines[#lines + 1] = entry.line
    if is_newest then high = entry.seq else low = entry.seq end
  end
  is_full = is_full or #lines == limit
  step = step * 2
end
return { epoch, rewound_from or '', first_kept(), tonumber(head), lines, closed }
