-- Removes connections. From MORE on: connection keys; `replica:` alone stands for all connections of that replica. One step
-- removes at most `most` of those, because a crowd would hold up every other command. Several runs may overlap: each
-- removes the connections that are left. Returns two numbers: 1 if a crowd notice waits, and 1 if connections remain.
local left_over = tonumber(most)

local function drop_replica(prefix)
  fence(prefix)
  for _, connection_key in ipairs(redis.call('HKEYS', CONNECTIONS)) do
    if string.sub(connection_key, 1, #prefix) == prefix then
      if left_over == 0 then return 1 end
      left_over = left_over - 1
      drop(connection_key)
    end
  end
  return 0
end

local is_more = 0
for index = MORE, #ARGV do
  local key = ARGV[index]
  if string.sub(key, -1) == ':' then is_more = math.max(is_more, drop_replica(key)) else
    drop(key)
    -- The connection's own replica knows that it is out, and will not bring it back.
    lift_fence(connection_of(key))
  end
end
return { is_crowd_notice_waiting(), is_more }
