-- How many messages of a conversation one of its two has not read. KEYS[12]: their numbers.
if redis.call('ZCARD', KEYS[12]) == 0 or not is_made() then return 0 end
-- What is kept no more cannot be read any more, whatever has pushed it out.
return redis.call('ZCOUNT', KEYS[12], digits(first_kept()), '+inf')
