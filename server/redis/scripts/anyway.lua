-- Runs one command on KEYS[1], also in a full store. ARGV: the command's name, and what comes behind its key.
return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
