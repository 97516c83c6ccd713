-- `listed`: how many members to list. `name_ttl`: how long a name is kept, in milliseconds. `is_asked_for`: '1' when a
-- new member must get the name it asks for, '' when its kept name comes first. `role`: as with_role takes it. From MORE
-- on: pairs of skeleton and member as JSON, the most wanted first. The returned room fields show whether a crowd notice
-- waits.

local function name_for()
  local kept = is_asked_for == '' and redis.call('GET', KEPT_NAME)
  if kept then
    local skeleton, member = string.match(kept, '^([^\n]*)\n(.*)$')
    if skeleton and is_free(skeleton, visitor) then return skeleton, with_role(member, role) end
  end
  for index = MORE, #ARGV, 2 do
    if is_free(ARGV[index], visitor) then return ARGV[index], ARGV[index + 1] end
  end
end

-- Not HGETALL: the hash also has fences, and views of single visitors.
local function told_fields()
  local names = { 'id', 'title', 'kind', 'createdAt', 'owner', 'closed', 'epoch', 'seq', 'visits' }
  local told = {}
  for index, value in ipairs(redis.call('HMGET', ROOM, unpack(names))) do
    if value then
      told[#told + 1] = names[index]
      told[#told + 1] = value
    end
  end
  return told
end

local _, refused = open_room()
if refused then return refused end
local kept_out = fenced(connection_key)
if kept_out then return kept_out end

-- Read a key of every kind before the first write: one of the wrong type then fails the script before any change. The
-- feed's keys are read by the join's entry.
local was_inside = redis.call('HEXISTS', CONNECTIONS, connection_key) == 1
local member = redis.call('HGET', MEMBERS, visitor)
local skeleton = redis.call('HGET', SKELETONS, visitor)
local connections = tonumber(redis.call('HGET', COUNTS, visitor) or '0')
local kept_ms = kept_name_ms(KEPT_NAME, name_ttl)

if not member then
  skeleton, member = name_for()
  if not skeleton then return refusal('name_taken') end
  redis.call('HLEN', NAMES)
  write_or_count('join', visitor, member, 1)
  redis.call('HSET', NAMES, skeleton, visitor)
  redis.call('HSET', SKELETONS, visitor, skeleton)
  redis.call('HSET', MEMBERS, visitor, member)
elseif with_role(member, role) ~= member then
  member = with_role(member, role)
  redis.call('HSET', MEMBERS, visitor, member)
end
if not was_inside then
  redis.call('HSET', CONNECTIONS, connection_key, visitor)
  redis.call('HSET', COUNTS, visitor, connections + 1)
end
redis.call('SET', KEPT_NAME, skeleton .. '\n' .. member, 'PX', kept_ms)

-- HSCAN would read every field of a hash that has at most 512.
local some = redis.call('HRANDFIELD', MEMBERS, listed, 'WITHVALUES')
local members = {}
for index = 2, #some, 2 do members[#members + 1] = some[index] end
return { told_fields(), member, skeleton, redis.call('HLEN', MEMBERS), members }
