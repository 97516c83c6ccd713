-- KEYS[1]: the index of rooms. ARGV[1]: a room, which is active now.
redis.call('ZADD', KEYS[1], 'GT', digits(now()), ARGV[1])
return 0
