-- Takes away what a replica whose lease has lapsed had in this room. Any number may run at once: each finds what is left.
-- ARGV[6]: what the replica's connections begin with.
local prefix = ARGV[6]
for _, connection in ipairs(redis.call('HKEYS', CONNECTIONS)) do
  if string.sub(connection, 1, #prefix) == prefix then drop(connection) end
end
return 0
