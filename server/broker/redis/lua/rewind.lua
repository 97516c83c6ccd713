-- Ends `epoch`, of which a replica has delivered more than the store has. Returns the present epoch: a second replica that noticed the same loss finds a new one already.
local present = redis.call('HGET', ROOM, 'epoch')
if present ~= epoch then return present or '' end
end_epoch(epoch)
return NEW_EPOCH
