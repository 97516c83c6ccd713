-- ARGV: channel, limit, ttl, then the connections that go.
local keep = { channel = ARGV[1], limit = tonumber(ARGV[2]), ttl = ARGV[3] }
for index = 4, #ARGV do drop(ARGV[index], keep) end
return 0
