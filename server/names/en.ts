/**
 * What English names are made of: words of unique-names-generator's dictionaries, picked one by one. The dictionaries
 * as a whole are no names for strangers in public; left out is whatever
 * - insults, alone or beside an animal: dirty, fat, stupid; ape, monkey, pig, rat, cow, weasel, shrew, skunk
 * - can be heard as sexual: naked, sexual, willing, juicy; beaver, booby, cock-, cougar, swallow, woodpecker
 * - is a slur or holds one: raccoon, gibbon and the other apes
 * - labels people by body, health, age, race, faith, party, class: blind, pregnant, gay, elderly, ethnic, christian,
 *   communist, homeless; cardinal, wasp, thrush
 * - saddens or frightens: dead, grieving, cruel; vulture, viper, leech
 * - is no description of anybody: fiscal, plastic, zeroth; canidae, mammal, galliform
 * An allow list, so that a new word in the library never speaks first.
 */
export const adjectives = `
able active agreeable alert amazing amused artistic awake aware balanced bold brainy brave breezy bright
brilliant calm capable careful cheerful clever colorful confident cool creative curious curly decent delighted
devoted dynamic eager early elegant energetic excellent excited exuberant fair faithful famous fancy fantastic
fast fluffy flying fortunate fresh friendly fun funny fuzzy generous gentle genuine giant glad gleaming
glorious golden good grand grateful great happy helpful honest jolly joyous keen kind lively literary logical
loyal lucky magic magnetic melodic mighty mild modern modest musical natural neat nice noble notable novel
original outdoor patient peaceful pleasant poised polite popular practical precise promising proper proud
puzzled quaint quick quiet quixotic rainy rapid rare ready realistic relaxed reliable robust sensible sharp
shiny silent silky skilled sleepy smart smiling smooth solar solid sparkling splendid sporting spotless steady
stormy striped strong subtle sunny super superb surprised sweet swift tall thorough tiny tropical unique
unusual useful visiting vital vivacious vivid wandering warm welcome wise wispy witty wonderful worthy
youthful zany zestful zesty zippy graceful`
  .trim()
  .split(/\s+/);

export const animals = `
aardvark albatross alpaca angelfish ant antelope armadillo badger bandicoot bee bison blackbird bobcat
bobolink butterfly camel capybara caribou cat chameleon cheetah chickadee chipmunk cicada clownfish condor
crane crayfish cricket damselfly deer dolphin dormouse dove dragon dragonfly duck eagle echidna egret elephant
elk emu ermine falcon ferret finch firefly flamingo fox frog gazelle gecko giraffe goldfish gopher guanaco
guppy hamster hare harrier hawk hedgehog heron hoverfly impala jaguar jay kangaroo koala koi lark lemur
leopard lion lizard llama lobster lynx macaw magpie manatee marlin marmot marten meerkat mink minnow mongoose
moose mouse narwhal newt ocelot octopus opossum ostrich otter owl panda panther parakeet parrot partridge
peacock pelican penguin pheasant platypus pony porcupine porpoise possum ptarmigan puffin puma quail quokka
rabbit raven reindeer rook salmon scallop seahorse skink snail sparrow spoonbill squid squirrel starfish
stingray stoat stork sturgeon swan swift swordfish tahr takin tapir tarsier tern tiger tortoise toucan trout
turtle unicorn urial vicuna wallaby walrus warbler whippet wildcat wolf wolverine wombat wren yak zebra`
  .trim()
  .split(/\s+/);
