-- A store that came back older than what was delivered begins a new epoch, so that no number stands for two entries.
-- ARGV[6...]: epoch and seq that a replica has delivered. Returns the epoch that holds now.
local epoch, seq = unpack(redis.call('HMGET', ROOM, 'epoch', 'seq'))
if epoch == ARGV[6] and tonumber(seq) < tonumber(ARGV[7]) then
  redis.call('HSET', ROOM, 'epoch', NEW_EPOCH)
  return NEW_EPOCH
end
return epoch
