-- Removes connections. From MORE on: connection keys; `replica:` alone stands for all connections of that replica.
-- Several runs may overlap: each removes what is left. Returns 1 while a crowd notice waits.
local function drop_replica(prefix)
  fence(prefix)
  for _, connection_key in ipairs(redis.call('HKEYS', CONNECTIONS)) do
    if string.sub(connection_key, 1, #prefix) == prefix then drop(connection_key) end
  end
end

for index = MORE, #ARGV do
  local key = ARGV[index]
  if string.sub(key, -1) == ':' then drop_replica(key) else
    drop(key)
    -- Its replica knows that it is out, and does not bring it back.
    lift_fence(connection_of(key))
  end
end
return is_crowd_notice_waiting()
