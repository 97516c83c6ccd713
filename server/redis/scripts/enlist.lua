-- KEYS[1]: the index of rooms. ARGV: a room that is made now, and how far behind the active ones it stands, in milliseconds.
redis.call('ZADD', KEYS[1], 'GT', digits(now() - tonumber(ARGV[2] or 0)), ARGV[1])
return 0
