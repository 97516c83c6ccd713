-- Ends an epoch of which a replica has given on more than the store had. ARGV[9]: that epoch.
-- Returns the epoch that holds now: a second replica that saw the same finds a new one already.
local epoch = redis.call('HGET', ROOM, 'epoch')
if epoch ~= ARGV[9] then return epoch or '' end
end_epoch(epoch)
return NEW_EPOCH
