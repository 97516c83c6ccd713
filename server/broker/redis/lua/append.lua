-- Put after feed.lua: how entries enter the feed, and how the joins and leaves of a crowd are counted (F-4).

-- F-4: a burst of this many joins and leaves gets an entry each, and one more each NOTICE_MS.
local NOTICE_MS, NOTICES_AT_ONCE = 1000, 60
-- F-4: a crowd notice, the `visits` entry, stands for counted joins and leaves. It is written this long after the first
-- of them, or once it names MOST_GONE members that have left.
local CROWD_NOTICE_MS, MOST_GONE = 1000, 200

local function counted_in(state)
  local since, joined, left, gone = string.match(state.counted, '^(%d+) (%d+) (%d+) (.*)$')
  if since then return { since = tonumber(since), joined = tonumber(joined), left = tonumber(left), gone = gone } end
end

-- A crowd notice counts against the rate of notices, but is written even when the rate is used up.
local function write_crowd_notice(state, counted, member_count)
  local at = now()
  local until_full = tonumber(redis.call('HGET', ROOM, 'noticedUntil') or '0')
  until_full = math.min(math.max(at, until_full) + NOTICE_MS, at + NOTICE_MS * NOTICES_AT_ONCE)
  local gone = counted.gone == '' and '' or ',"gone":[' .. counted.gone .. ']'
  write_entry(state, '"kind":"visits","joined":' .. digits(counted.joined) .. ',"left":' .. digits(counted.left)
    .. ',"memberCount":' .. digits(member_count) .. gone, '', 'visits', '', 'noticedUntil', digits(until_full))
end

-- Writes the crowd notice if it is due, or with `is_any` even if not. Returns whether it wrote one.
local function write_due_crowd_notice(state, is_any)
  local counted = counted_in(state)
  if not counted or not is_any and now() - counted.since < CROWD_NOTICE_MS then return false end
  write_crowd_notice(state, counted, redis.call('HLEN', MEMBERS))
  return true
end

-- Every entry except joins, leaves and crowd notices enters the feed here.
local function append_to(state, body, dedupe_field, ...)
  if write_due_crowd_notice(state) then state = feed_state() end
  return write_entry(state, body, dedupe_field, ...)
end

local function append(...)
  return append_to(feed_state(), ...)
end

local function notice(kind, member, ...)
  append('"kind":"' .. kind .. '","by":' .. member, '', ...)
end

-- F-4: writes a join or a leave, or counts it while there are too many. Call before MEMBERS changes; `change` is the
-- difference that will make. `gone` names each counted leave, unless the visitor is back before the crowd notice.
local function write_or_count(kind, visitor, member, change)
  local state, at = feed_state(), now()
  local counted = counted_in(state)
  local was_counted = redis.call('SISMEMBER', COUNTED_JOINS, visitor) == 1
  local is_counted_leave = kind == 'leave' and was_counted
  local until_full = math.max(at, tonumber(redis.call('HGET', ROOM, 'noticedUntil') or '0')) + NOTICE_MS
  if not counted and not is_counted_leave and until_full - at <= NOTICE_MS * NOTICES_AT_ONCE then
    write_entry(state, '"kind":"' .. kind .. '","by":' .. member, '', 'noticedUntil', digits(until_full))
    if was_counted then redis.call('SREM', COUNTED_JOINS, visitor) end
    return
  end
  counted = counted or { since = at, joined = 0, left = 0, gone = '' }
  check_feed()
  if kind == 'join' then counted.joined = counted.joined + 1 else counted.left = counted.left + 1 end
  local gone = {}
  for name in string.gmatch(counted.gone, '"[^"]*"') do
    if name ~= '"' .. visitor .. '"' then gone[#gone + 1] = name end
  end
  if kind == 'leave' then gone[#gone + 1] = '"' .. visitor .. '"' end
  counted.gone = table.concat(gone, ',')
  if at - counted.since >= CROWD_NOTICE_MS or #gone >= MOST_GONE then
    write_crowd_notice(state, counted, redis.call('HLEN', MEMBERS) + change)
  else
    redis.call('HSET', ROOM, 'visits', digits(counted.since) .. ' ' .. digits(counted.joined) .. ' '
      .. digits(counted.left) .. ' ' .. counted.gone)
  end
  if kind == 'leave' then
    redis.call('SREM', COUNTED_JOINS, visitor)
  else
    redis.call('SADD', COUNTED_JOINS, visitor)
    -- A replica of an older version removes no members from it, so let it expire.
    redis.call('PEXPIRE', COUNTED_JOINS, TTL)
  end
end

local function is_crowd_notice_waiting()
  return (redis.call('HGET', ROOM, 'visits') or '') ~= '' and 1 or 0
end
