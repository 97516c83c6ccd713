-- How many messages of a conversation one of its two visitors has not read. KEYS[12]: their numbers.
if redis.call('ZCARD', KEYS[12]) == 0 or not is_made() then return 0 end
-- Trimmed messages can no longer be read; notices can trim them too.
return redis.call('ZCOUNT', KEYS[12], digits(first_kept()), '+inf')
