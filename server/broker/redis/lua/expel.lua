-- Takes all connections of a visitor out of a room, and keeps these connections out. Returns 1 while a crowd notice waits.
local _, refused = open_room()
if refused then return refused end
for connection_key, holder in pairs(fields_of(CONNECTIONS)) do
  if holder == visitor then
    -- This order: if a key has the wrong type, drop fails before anything is written.
    drop(connection_key)
    fence(connection_of(connection_key))
  end
end
return is_crowd_notice_waiting()
