-- `name_ttl`: how long a name is kept. `is_asked_for`: '1' when the member asks for a certain name, '' when any other name
-- will do. `role`: as with_role takes it. `room_each_ms`, `room_burst_ms`: as in publish.lua. From MORE on: pairs of
-- skeleton and member as JSON, the most wanted first.

local _, refused = open_room()
if refused then return refused end
local holder, member = member_of(connection_key)
if not member or holder ~= visitor then return refusal('not_joined') end
local was = redis.call('HGET', SKELETONS, visitor)

local function another_name()
  for index = MORE, #ARGV, 2 do
    -- A member may ask for its own name in another spelling. A random name must differ from its own.
    local is_own = is_asked_for == '1' and redis.call('HGET', NAMES, ARGV[index]) == visitor
    if is_own or is_free(ARGV[index], visitor) then return ARGV[index], ARGV[index + 1] end
  end
end

local skeleton, renamed = another_name()
if not skeleton then return refusal('name_taken') end
if renamed == with_role(member, role) then return { member, skeleton } end
local busy_until, too_busy = busy_with_one_more('room', redis.call('HGET', ROOM, 'busyUntil'), room_each_ms,
  room_burst_ms)
if too_busy then return too_busy end
local kept_ms = kept_name_ms(KEPT_NAME, name_ttl)
local hold = holding_of(visitor, member, was)
append('"kind":"rename","by":' .. renamed .. ',"was":' .. string.match(member, '"name":(.*)}$'), '',
  'busyUntil', busy_until)
if was ~= skeleton then hold() end
if was then redis.call('HDEL', NAMES, was) end
redis.call('HSET', NAMES, skeleton, visitor)
redis.call('HSET', SKELETONS, visitor, skeleton)
redis.call('HSET', MEMBERS, visitor, renamed)
redis.call('SET', KEPT_NAME, skeleton .. '\n' .. renamed, 'PX', kept_ms)
return { renamed, skeleton }
