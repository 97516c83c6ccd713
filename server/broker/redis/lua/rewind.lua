-- Ends `epoch`, because a replica has delivered more of it than the store still has. Returns the present epoch: if another
-- replica noticed the same loss first, that epoch is new already.
local present = redis.call('HGET', ROOM, 'epoch')
if present ~= epoch then return present or '' end
end_epoch(epoch)
return NEW_EPOCH
