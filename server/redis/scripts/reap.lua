-- Takes away what a replica whose lease has lapsed had in this room. Any number may run at once: each finds what is left.
-- ARGV: channel, limit, ttl, what the replica's connections begin with.
local keep = { channel = ARGV[1], limit = tonumber(ARGV[2]), ttl = ARGV[3] }
local prefix = ARGV[4]
for _, connection in ipairs(redis.call('HKEYS', CONNECTIONS)) do
  if string.sub(connection, 1, #prefix) == prefix then drop(connection, keep) end
end
return 0
