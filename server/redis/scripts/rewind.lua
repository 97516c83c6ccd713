-- Ends an epoch of which a replica has delivered more than the store has. ARGV[9]: that epoch. Returns the present
-- epoch: a second replica that noticed the same loss finds a new one already.
local epoch = redis.call('HGET', ROOM, 'epoch')
if epoch ~= ARGV[9] then return epoch or '' end
end_epoch(epoch)
return NEW_EPOCH
