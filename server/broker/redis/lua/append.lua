-- Put after feed.lua: how entries enter the feed, and how the joins and leaves of a crowd are counted (F-4).

-- F-4: a burst of this many joins and leaves gets an entry each, and one more each NOTICE_MS.
local NOTICE_MS, NOTICES_AT_ONCE = 1000, 60
-- F-4: counted visits are told this long after the first one, or once MOST_GONE members whose join was told have left.
local VISITS_MS, MOST_GONE = 1000, 200

local function visits_in(state)
  local since, joined, left, gone = string.match(state.visits, '^(%d+) (%d+) (%d+) (.*)$')
  if since then return { since = tonumber(since), joined = tonumber(joined), left = tonumber(left), gone = gone } end
end

-- F-4: one entry for all counted visits. It uses up a notice of the rate, but is told even if none is left.
local function write_visits(state, visits, member_count)
  local at = now()
  local until_full = tonumber(redis.call('HGET', ROOM, 'noticedUntil') or '0')
  until_full = math.min(math.max(at, until_full) + NOTICE_MS, at + NOTICE_MS * NOTICES_AT_ONCE)
  local gone = visits.gone == '' and '' or ',"gone":[' .. visits.gone .. ']'
  write_entry(state, '"kind":"visits","joined":' .. digits(visits.joined) .. ',"left":' .. digits(visits.left)
    .. ',"memberCount":' .. digits(member_count) .. gone, '', 'visits', '', 'noticedUntil', digits(until_full))
end

-- Tells counted visits that have waited for VISITS_MS, or with `is_any` all of them. Returns whether it told any.
local function tell_visits(state, is_any)
  local visits = visits_in(state)
  if not visits or not is_any and now() - visits.since < VISITS_MS then return false end
  write_visits(state, visits, redis.call('HLEN', MEMBERS))
  return true
end

-- Every entry except joins, leaves and visits enters the feed here.
local function append(body, dedupe_field, ...)
  local state = feed_state()
  if tell_visits(state) then state = feed_state() end
  return write_entry(state, body, dedupe_field, ...)
end

local function notice(kind, member, ...)
  append('"kind":"' .. kind .. '","by":' .. member, '', ...)
end

-- F-4: tells a join or a leave, or counts it while there are too many. Call before MEMBERS changes; `change` is the
-- difference that will make. A counted leave is named in `gone`, unless the visitor is back before that is told.
local function tell_visit(kind, visitor, member, change)
  local state, at = feed_state(), now()
  local visits = visits_in(state)
  local is_known_untold = redis.call('SISMEMBER', UNTOLD, visitor) == 1
  local is_untold = kind == 'leave' and is_known_untold
  local until_full = math.max(at, tonumber(redis.call('HGET', ROOM, 'noticedUntil') or '0')) + NOTICE_MS
  if not visits and not is_untold and until_full - at <= NOTICE_MS * NOTICES_AT_ONCE then
    write_entry(state, '"kind":"' .. kind .. '","by":' .. member, '', 'noticedUntil', digits(until_full))
    if is_known_untold then redis.call('SREM', UNTOLD, visitor) end
    return
  end
  visits = visits or { since = at, joined = 0, left = 0, gone = '' }
  check_feed()
  if kind == 'join' then visits.joined = visits.joined + 1 else visits.left = visits.left + 1 end
  local gone = {}
  for name in string.gmatch(visits.gone, '"[^"]*"') do
    if name ~= '"' .. visitor .. '"' then gone[#gone + 1] = name end
  end
  if kind == 'leave' then gone[#gone + 1] = '"' .. visitor .. '"' end
  visits.gone = table.concat(gone, ',')
  if at - visits.since >= VISITS_MS or #gone >= MOST_GONE then
    write_visits(state, visits, redis.call('HLEN', MEMBERS) + change)
  else
    redis.call('HSET', ROOM, 'visits', digits(visits.since) .. ' ' .. digits(visits.joined) .. ' ' .. digits(visits.left)
      .. ' ' .. visits.gone)
  end
  if kind == 'leave' then
    redis.call('SREM', UNTOLD, visitor)
  else
    redis.call('SADD', UNTOLD, visitor)
    -- A replica of an older version removes no members from it, so let it expire.
    redis.call('PEXPIRE', UNTOLD, TTL)
  end
end

-- 1 while counted visits wait to be told, else 0.
local function are_visits_waiting()
  return (redis.call('HGET', ROOM, 'visits') or '') ~= '' and 1 or 0
end
