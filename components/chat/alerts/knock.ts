/** Two soft taps on wood, synthesized: nothing is downloaded. */

const taps = [
  { afterS: 0, loudness: 0.22 },
  { afterS: 0.13, loudness: 0.14 },
];

/** A board's tone and the short click above it. */
const partials = [
  { hertz: 330, share: 1, fadeS: 0.12 },
  { hertz: 890, share: 0.35, fadeS: 0.035 },
];

/** An exponential fade never reaches 0, and cutting off even so quiet a tone would tick. */
const lastS = 0.005;

/** Longer than a knock. After it the sound device is suspended, because an active one keeps a laptop awake. */
const restMs = 1_000;

let context: AudioContext | undefined;
let resting: ReturnType<typeof setTimeout> | undefined;

/** Browsers play nothing, and complain, until the visitor has touched the page once. */
const mayPlay = (): boolean => navigator.userActivation?.hasBeenActive ?? true;

/** Some browsers play sound only if it was started within a gesture: to be called in one. */
export const prepareKnock = async (): Promise<void> => rest(await awake());

/** Does nothing before the visitor's first gesture on this page. */
export async function knock(): Promise<void> {
  if (!mayPlay()) return;
  const sound = await awake();
  for (const { afterS, loudness } of taps)
    for (const { hertz, share, fadeS } of partials)
      strike(sound, { at: sound.currentTime + afterS, hertz, gain: loudness * share, fadeS });
  rest(sound);
}

/** A device may take seconds to resume. If it were suspended meanwhile, it would not play this knock at all. */
async function awake(): Promise<AudioContext> {
  clearTimeout(resting);
  context ??= new AudioContext();
  await context.resume();
  return context;
}

function rest(sound: AudioContext): void {
  clearTimeout(resting);
  resting = setTimeout(() => void sound.suspend(), restMs);
}

type Strike = { at: number; hertz: number; gain: number; fadeS: number };

function strike(sound: AudioContext, { at, hertz, gain, fadeS }: Strike): void {
  const tone = new OscillatorNode(sound, { frequency: hertz });
  const fading = new GainNode(sound, { gain: 0 });
  tone.frequency.setValueAtTime(hertz, at);
  tone.frequency.exponentialRampToValueAtTime(hertz * 0.7, at + fadeS);
  fading.gain.setValueAtTime(gain, at);
  fading.gain.exponentialRampToValueAtTime(0.001, at + fadeS);
  fading.gain.linearRampToValueAtTime(0, at + fadeS + lastS);
  tone.connect(fading).connect(sound.destination);
  tone.start(at);
  tone.stop(at + fadeS + lastS);
}
