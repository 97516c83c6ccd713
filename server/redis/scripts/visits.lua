-- F-4: tells the visits that were counted, once it is time. Returns 1 while any wait still.
local _, refused = open_room()
if refused then return refused end
tell_visits(feed_state())
return are_visits_waiting()
