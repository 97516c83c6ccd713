-- Returns how many messages of a conversation one of its two visitors has not read; UNREAD has their numbers.
if redis.call('ZCARD', UNREAD) == 0 or not is_made() then return 0 end
-- Trimmed messages can no longer be read; notices can trim them too.
return redis.call('ZCOUNT', UNREAD, digits(first_kept()), '+inf')
