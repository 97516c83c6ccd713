-- KEYS[10]: the visitor's kept name. ARGV[8...]: connection, visitor, how many members to list, how long a name is kept,
-- '1' when a new member must get what it asks for ('' when its kept name comes first), then pairs of skeleton and
-- member as JSON, the most wanted first.
local connection, visitor, listed, name_ttl = ARGV[8], ARGV[9], tonumber(ARGV[10]), ARGV[11]
local is_asked_for = ARGV[12] == '1'
local KEPT_NAME = KEYS[10]

local function name_for()
  local kept = not is_asked_for and redis.call('GET', KEPT_NAME)
  if kept then
    local skeleton, member = string.match(kept, '^([^\n]*)\n(.*)$')
    if skeleton and redis.call('HEXISTS', NAMES, skeleton) == 0 then return skeleton, member end
  end
  for index = 13, #ARGV, 2 do
    if redis.call('HEXISTS', NAMES, ARGV[index]) == 0 then return ARGV[index], ARGV[index + 1] end
  end
end

local _, refused = open_room()
if refused then return refused end
if is_fenced(connection) then return refusal('not_joined') end

-- Every kind of key is read before the first write: one that something else wrote is an error, not half a step.
local is_here = redis.call('HEXISTS', CONNECTIONS, connection) == 1
local member = redis.call('HGET', MEMBERS, visitor)
local skeleton = redis.call('HGET', SKELETONS, visitor)
local connections = tonumber(redis.call('HGET', COUNTS, visitor) or '0')
check_feed()

if not member then
  skeleton, member = name_for()
  if not skeleton then return refusal('name_taken') end
  notice('join', member)
  redis.call('HSET', NAMES, skeleton, visitor)
  redis.call('HSET', SKELETONS, visitor, skeleton)
  redis.call('HSET', MEMBERS, visitor, member)
end
if not is_here then
  redis.call('HSET', CONNECTIONS, connection, visitor)
  redis.call('HSET', COUNTS, visitor, connections + 1)
end
redis.call('SET', KEPT_NAME, skeleton .. '\n' .. member, 'PX', name_ttl)

local members = {}
local some = redis.call('HSCAN', MEMBERS, 0, 'COUNT', listed)[2]
for index = 2, #some, 2 do
  if #members < listed then members[#members + 1] = some[index] end
end
return { redis.call('HGETALL', ROOM), member, skeleton, redis.call('HLEN', MEMBERS), members }
