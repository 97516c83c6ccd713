-- KEYS[10]: the visitor's kept name. ARGV[8...]: connection, visitor, how long a name is kept, '1' when a certain name is
-- asked for ('' when any other will do), then pairs of skeleton and member as JSON, the most wanted first.
local connection, visitor, name_ttl, is_asked_for = ARGV[8], ARGV[9], ARGV[10], ARGV[11] == '1'
local KEPT_NAME = KEYS[10]

local _, refused = open_room()
if refused then return refused end
local holder, member = member_of(connection)
if not member or holder ~= visitor then return refusal('not_joined') end
local held = redis.call('HGET', SKELETONS, visitor)

local function another_name()
  for index = 12, #ARGV, 2 do
    local taken_by = redis.call('HGET', NAMES, ARGV[index])
    -- One's own name in another spelling may be asked for; nobody is given it for another one.
    if not taken_by or (is_asked_for and taken_by == visitor) then return ARGV[index], ARGV[index + 1] end
  end
end

local skeleton, renamed = another_name()
if not skeleton then return refusal('name_taken') end
if renamed == member then return { member, skeleton } end
append('"kind":"rename","by":' .. renamed .. ',"was":' .. string.match(member, '"name":(.*)}$'), '')
if held then redis.call('HDEL', NAMES, held) end
redis.call('HSET', NAMES, skeleton, visitor)
redis.call('HSET', SKELETONS, visitor, skeleton)
redis.call('HSET', MEMBERS, visitor, renamed)
redis.call('SET', KEPT_NAME, skeleton .. '\n' .. renamed, 'PX', name_ttl)
return { renamed, skeleton }
