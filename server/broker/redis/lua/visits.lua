-- F-4: tells counted visits that are due. Returns 1 while some still wait.
local _, refused = open_room()
if refused then return refused end
tell_visits(feed_state())
return are_visits_waiting()
