-- ARGV[6...]: the connections that go.
for index = 6, #ARGV do drop(ARGV[index]) end
return 0
