-- KEYS: a visitor's open rooms, and the rooms it has made within the window; each room -> since when. ARGV: room, how
-- many may be open, how many made, the window, the age at which a place is settled, how long places are kept; all times
-- in milliseconds. Returns '' when it took the place, else which limit is reached, how long to wait ('' when unknown),
-- and the settled places.
local OPEN, MADE = unpack(KEYS)
local room, most_open, most_made = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local window, settled, kept = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]

local at = now()

redis.call('ZREMRANGEBYSCORE', MADE, '-inf', digits(at - window))
local is_open = redis.call('ZSCORE', OPEN, room)
local is_made = redis.call('ZSCORE', MADE, room)

local function refused(what, wait)
  local held = {}
  for _, key in ipairs(KEYS) do
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', digits(at - settled))) do held[#held + 1] = id end
  end
  return { what, wait, held }
end

if not is_open and redis.call('ZCARD', OPEN) >= most_open then return refused('open', '') end
if not is_made and redis.call('ZCARD', MADE) >= most_made then
  local first = redis.call('ZRANGE', MADE, 0, 0, 'WITHSCORES')[2]
  return refused('made', digits(math.max(1, tonumber(first) + window - at)))
end
redis.call('ZADD', OPEN, 'NX', digits(at), room)
redis.call('ZADD', MADE, 'NX', digits(at), room)
redis.call('PEXPIRE', OPEN, kept)
redis.call('PEXPIRE', MADE, digits(window))
return { '' }
