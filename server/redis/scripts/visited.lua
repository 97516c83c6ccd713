-- KEYS: the rooms that a visitor was in. ARGV: room, for how many milliseconds that is known.
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
