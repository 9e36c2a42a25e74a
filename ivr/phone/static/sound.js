// What the telephone sounds like, and how it records: tones, the microphone, a WAV file of 8 kHz.

const HERTZ = 8000; // what a telephone line carries
const LOUD = 0.02; // above this, somebody speaks
const KEY_TONES = { row: { 1: 697, 4: 770, 7: 852, "*": 941 }, column: [1209, 1336, 1477] };
const KEYS = "123456789*0#";

let context = null;

/** The page's audio; browsers start it only after somebody touched the page. */
function audio() {
  context ??= new AudioContext();
  context.resume();
  return context;
}

function tone(frequencies, seconds, loudness = 0.08) {
  const output = audio();
  for (const hertz of frequencies) {
    const source = new OscillatorNode(output, { frequency: hertz });
    source.connect(new GainNode(output, { gain: loudness })).connect(output.destination);
    source.start();
    source.stop(output.currentTime + seconds);
  }
}

export function keyTone(key) {
  const place = KEYS.indexOf(key);
  const row = KEY_TONES.row[KEYS[place - (place % 3)]];
  tone([row, KEY_TONES.column[place % 3]], 0.12);
}

export function beep() {
  tone([1000], 0.4);
}

/** The microphone, or null where there is none or it is not allowed. */
export async function microphone() {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return null;
  }
}

/** Records a stream until stop(). `quietSince` is when somebody was last heard (ms), `heard` whether ever. */
export class Recorder {
  constructor(stream) {
    this.heard = false;
    this.level = 0;
    this.quietSince = performance.now();
    this.chunks = [];
    this.analyser = new AnalyserNode(audio(), { fftSize: 1024 });
    this.source = audio().createMediaStreamSource(stream);
    this.source.connect(this.analyser);
    this.media = new MediaRecorder(stream);
    this.media.ondataavailable = (event) => this.chunks.push(event.data);
    this.media.start();
    this.startedAt = performance.now();
  }

  get seconds() {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** Look how loud it is now. */
  measure() {
    const samples = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(samples);
    this.level = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    if (this.level > LOUD) {
      this.heard = true;
      this.quietSince = performance.now();
    }
  }

  /** The recording as a WAV file, or null when nothing can be made of it. */
  async stop() {
    const stopped = new Promise((resolve) => (this.media.onstop = resolve));
    this.media.stop();
    await stopped;
    this.source.disconnect();
    try {
      return await asWav(new Blob(this.chunks, { type: this.media.mimeType }));
    } catch {
      return null;
    }
  }
}

/** Any recording the browser can decode, as 16-bit mono WAV. */
async function asWav(blob) {
  const decoded = await audio().decodeAudioData(await blob.arrayBuffer());
  const offline = new OfflineAudioContext(1, Math.ceil(decoded.duration * HERTZ), HERTZ);
  const source = new AudioBufferSourceNode(offline, { buffer: decoded });
  source.connect(offline.destination);
  source.start();
  const samples = (await offline.startRendering()).getChannelData(0);
  const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const text = (at, letters) => [...letters].forEach((letter, n) => bytes.setUint8(at + n, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + samples.length * 2, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // plain samples
  bytes.setUint16(22, 1, true); // one channel
  bytes.setUint32(24, HERTZ, true);
  bytes.setUint32(28, HERTZ * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, samples.length * 2, true);
  samples.forEach((value, n) => bytes.setInt16(44 + n * 2, Math.max(-1, Math.min(1, value)) * 0x7fff, true));
  return new Blob([bytes], { type: "audio/wav" });
}
