-- F-4: writes the crowd notice if it is due. Returns 1 while joins or leaves wait for one, else 0.
local _, refused = open_room()
if refused then return refused end
write_due_crowd_notice(feed_state())
return is_crowd_notice_waiting()
