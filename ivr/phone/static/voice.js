// How a text is read aloud, and how speech becomes text: the browser's own, where it has them.

const STARTS_WITHIN_MS = 2500; // a browser without a working voice never begins
const LONGER = 3; // than expected, and we go on

const LANGUAGES = { cmn: "zh", yue: "zh" };

/** The first voice for a language such as cmn-CN, the country's own before others. */
function voiceFor(language) {
  const [code, country] = language.split("-").filter((part) => !/^Han[st]$/.test(part));
  const wanted = LANGUAGES[code] ?? code;
  const voices = (window.speechSynthesis?.getVoices() ?? []).filter((voice) => voice.lang.toLowerCase().startsWith(wanted));
  return voices.find((voice) => voice.lang.endsWith(country ?? "")) ?? voices[0];
}

export function wait(ms, signal) {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

function utter(text, voice, rate, seconds, signal) {
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, { voice, lang: voice.lang, rate });
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(watch);
      resolve();
    };
    let watch = setTimeout(done, STARTS_WITHIN_MS);
    utterance.onstart = () => {
      clearTimeout(watch);
      watch = setTimeout(done, seconds * LONGER * 1000 + STARTS_WITHIN_MS);
    };
    utterance.onend = utterance.onerror = done;
    signal.addEventListener("abort", () => (speechSynthesis.cancel(), done()), { once: true });
    speechSynthesis.speak(utterance);
  });
}

/** Read a Say verb; resolves when it was said, was interrupted, or there is no voice for it. */
export async function say(verb, signal) {
  const voice = voiceFor(verb.language);
  if (!voice) return;
  for (const part of verb.parts) {
    if (signal.aborted) return;
    if (typeof part === "string") await utter(part, voice, verb.rate, verb.seconds, signal);
    else await wait(part * 1000, signal);
  }
}

/** Listen until `signal` aborts; calls `heard` with what was understood. False where the browser cannot. */
export function listen(language, signal, heard) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return false;
  const recognition = new Recognition();
  recognition.lang = language;
  recognition.onresult = (event) => heard(event.results[0][0].transcript);
  recognition.onerror = () => {}; // typing works everywhere
  signal.addEventListener("abort", () => recognition.abort(), { once: true });
  try {
    recognition.start();
  } catch {
    return false;
  }
  return true;
}
