-- Removes connections. From MORE on: their names; one that ends in a colon stands for all connections of that replica.
-- Several runs may overlap: each removes what is left. Returns 1 while counted visits wait to be told.
local function drop_replica(prefix)
  fence(prefix)
  for _, connection in ipairs(redis.call('HKEYS', CONNECTIONS)) do
    if string.sub(connection, 1, #prefix) == prefix then drop(connection) end
  end
end

for index = MORE, #ARGV do
  local name = ARGV[index]
  if string.sub(name, -1) == ':' then drop_replica(name) else drop(name) end
end
return are_visits_waiting()
