-- Put before every script.

local function refusal(code)
  return { err = 'MADANG ' .. code }
end

-- Milliseconds since 1970, by the store's clock, which stands still while a script runs.
local started_at
local function now()
  if not started_at then
    local time = redis.call('TIME')
    started_at = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return started_at
end

-- How long the traces of a visitor that has said nothing are kept. A key with more time left belongs to one that has spoken.
local SILENT_MS = 86400000

-- A number without its fraction, as Redis reads it: Lua would write a large one with an exponent.
local function digits(number)
  return string.format('%d', number)
end
