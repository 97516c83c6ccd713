-- Runs one command on KEYS[1], even in a full store. ARGV: the command's name, and its arguments after the key.
return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
