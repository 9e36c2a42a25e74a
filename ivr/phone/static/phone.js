// The telephone in the page: keys, words, the microphone and the transcript around one call.

import { Call } from "./call.js";
import { Recorder, beep, keyTone, microphone } from "./sound.js";
import { listen, say, wait } from "./voice.js";

const SAMPLE_S = 6;
const LOOK_EVERY_MS = 100;
const LOOK_FOR_CALLS_MS = 2000;
const AFTER_THE_BEEP_MS = 500;
const KEYS = /^[0-9*#]$/;
const ALL_KEYS = /^[0-9*#]+$/;

const at = (id) => document.getElementById(id);
const words = JSON.parse(at("words").textContent);
const {
  voice,
  status,
  request: requestUrl,
  recordings: recordingsUrl,
  left: leftUrl,
  ringing: ringingUrl,
} = document.body.dataset;
const csrf = document.querySelector("meta[name=csrf-token]").content;

let call = null;
let stream = null;
let onKey = () => {};
let onWords = () => false; // true when somebody listened

// --- what is shown

function tell(text) {
  at("status").textContent = text;
}

function note(who, text, language = "") {
  const item = document.createElement("li");
  item.className = who;
  const speaker = document.createElement("b");
  speaker.textContent = words[who] ?? words.phone;
  const said = document.createElement("span");
  said.textContent = text;
  if (language) said.lang = language.replace(/^cmn/, "zh");
  item.append(speaker, said);
  show(item);
}

function show(item) {
  at("transcript").append(item);
  at("log").scrollTop = at("log").scrollHeight;
}

/** Documents are kept in the transcript, shown on request. */
function documents(list) {
  for (const each of list) {
    const item = document.createElement("li");
    item.className = "document";
    item.hidden = !at("documents").checked;
    const address = document.createElement("b");
    address.textContent = `${each.url} · ${each.ms} ms`;
    const text = document.createElement("pre");
    text.textContent = each.text.replaceAll("><", ">\n<");
    item.append(address, text);
    show(item);
  }
}

// --- what goes to the server

async function post(url, body, type) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrf, ...(type && { "Content-Type": type }) },
    body,
    keepalive: type === "application/json", // a hang-up by closing the page still arrives
  });
  if (!answer.ok) throw new Error(answer.status === 400 ? words.refused : `${answer.status}`);
  return answer.json();
}

const request = (wanted) => post(requestUrl, JSON.stringify(wanted), "application/json");

/** The last news of a page that is closed: a beacon is sent when the page is gone. Whether the browser took it. */
function leave(wanted) {
  const form = new FormData();
  form.append("csrf_token", csrf);
  form.append("wanted", JSON.stringify(wanted));
  return navigator.sendBeacon?.(leftUrl, form) ?? false;
}

// --- what a call asks of the telephone

async function hear(prompt, who, signal) {
  tell(words.speaking);
  switch (prompt.verb) {
    case "Say":
      note(who, prompt.text, prompt.language);
      at("caption").textContent = prompt.text; // beside the keys, where a small screen shows no conversation
      if (at("aloud").checked) await say(prompt, signal);
      break;
    case "Play":
      note(who, "♪");
      if (at("aloud").checked) await play(prompt.url, signal);
      break;
    case "Pause":
      await wait(prompt.length_s * 1000, signal);
  }
}

async function play(url, signal) {
  const clip = new Audio(url);
  signal.addEventListener("abort", () => clip.pause(), { once: true });
  await new Promise((resolve) => {
    clip.onended = clip.onerror = clip.onpause = resolve;
    clip.play().catch(resolve);
  });
}

/** The fields of an answer, or null after silence. A key or a word interrupts the prompts. */
function ask(gather, who, signal) {
  const playing = new AbortController();
  const listening = new AbortController();
  let digits = "";
  let timer;
  return new Promise((resolve) => {
    const finish = (fields) => {
      clearTimeout(timer);
      playing.abort();
      listening.abort();
      onKey = () => {};
      onWords = () => false;
      resolve(fields);
    };
    const waitMore = () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(digits ? { Digits: digits } : null), gather.timeout_s * 1000);
    };
    signal.addEventListener("abort", () => finish(null), { once: true });
    onKey = (key) => {
      if (!gather.dtmf) return;
      playing.abort();
      listening.abort();
      if (key === gather.finish_on_key) return finish(digits ? { Digits: digits } : null);
      digits += key;
      if (digits.length === gather.num_digits) finish({ Digits: digits });
      else waitMore();
    };
    onWords = (text) => {
      if (!gather.speech || digits) return false;
      note("caller", text, gather.language);
      finish({ SpeechResult: text, Confidence: "0.9" });
      return true;
    };
    hearAll(gather.prompts, who, playing.signal).then(() => {
      if (listening.signal.aborted) return;
      if (who === "whisper") return onKey("1"); // whoever pressed "Take the call" meant this
      tell(gather.speech ? words.your_turn : words.your_turn_keys);
      waitMore();
      if (gather.speech && stream) listen(gather.language, listening.signal, (text) => onWords(text));
    });
  });
}

async function hearAll(prompts, who, signal) {
  for (const prompt of prompts) {
    if (signal.aborted) return;
    await hear(prompt, who, signal);
  }
}

/** The recording that was made and the key that ended it, or null when nothing was said. */
async function record(verb, signal) {
  if (verb.play_beep) {
    beep();
    note("phone", words.beep);
    await wait(AFTER_THE_BEEP_MS, signal);
  }
  if (signal.aborted) return null;
  tell(stream ? words.recording : words.no_microphone);
  at("message").hidden = false;
  at("level").hidden = !stream;
  const recorder = stream && new Recorder(stream);
  const ended = await endOf(verb, recorder, signal);
  at("message").hidden = true;
  at("sample").onclick = null;
  onKey = () => {};
  const wav = await recorder?.stop();
  const sample = ended === "sample";
  if (!sample && !(wav && (recorder.heard || KEYS.test(ended)))) return null;
  const made = await post(sample ? `${recordingsUrl}?sample=${SAMPLE_S}` : recordingsUrl, sample ? null : wav);
  note("caller", words.message.replace("{seconds}", made.seconds));
  return { ...made, key: KEYS.test(ended) ? ended : "" };
}

/** What ends a recording: a key, `sample`, `hangup`, `silence` or `length`. Without a microphone nobody is hurried. */
function endOf(verb, recorder, signal) {
  return new Promise((resolve) => {
    const finish = (how) => {
      clearInterval(look);
      resolve(how);
    };
    const look = setInterval(() => {
      if (!recorder) return;
      recorder.measure();
      at("level").value = Math.min(recorder.level * 5, 1);
      if (recorder.seconds >= verb.max_length_s) finish("length");
      else if (verb.timeout_s && performance.now() - recorder.quietSince > verb.timeout_s * 1000) finish("silence");
    }, LOOK_EVERY_MS);
    signal.addEventListener("abort", () => finish("hangup"), { once: true });
    at("sample").onclick = () => finish("sample");
    onKey = (key) => verb.finish_on_key.includes(key) && finish(key);
  });
}

/** Whether somebody takes the call. */
async function ring(number, signal) {
  tell(words.duty);
  note("phone", `${words.duty} ${number.number}`);
  at("duty").hidden = false;
  const taken = await pressed({ take: true, miss: false }, signal);
  at("duty").hidden = true;
  return taken;
}

/** How long the two talked, in seconds. */
async function talk(signal) {
  tell(words.connected);
  note("phone", words.connected);
  const began = performance.now();
  toggleDuty(true);
  await pressed({ part: true }, signal);
  toggleDuty(false);
  return Math.round((performance.now() - began) / 1000);
}

function toggleDuty(talking) {
  at("duty").hidden = !talking;
  at("part").hidden = !talking;
  at("take").hidden = at("miss").hidden = talking;
}

/** The value of the first of these buttons that is pressed; false when the receiver goes down. */
function pressed(buttons, signal) {
  return new Promise((resolve) => {
    for (const [id, value] of Object.entries(buttons)) at(id).onclick = () => resolve(value);
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
}

// --- the page

function dial() {
  const caller = at("withheld").checked ? "anonymous" : at("caller").value;
  if (!(at("caller").reportValidity() && at("called").reportValidity())) return;
  return through(new Call(telephone, { voice, status }, caller, at("called").value), words.ringing);
}

/** One call from its first word to its last. */
async function through(made, told) {
  stopRinging();
  at("transcript").replaceChildren();
  at("caption").textContent = "";
  at("dial").disabled = true;
  at("hangup").disabled = false;
  tell(told);
  call = made;
  stream = at("microphone").checked ? await microphone() : null;
  const clock = setInterval(tick, 1000);
  try {
    tell(words[`over_${await call.run()}`]);
  } catch (error) {
    note("trouble", error.message);
    tell(words.over_error);
  }
  note("phone", at("status").textContent);
  clearInterval(clock);
  stream?.getTracks().forEach((track) => track.stop());
  call = stream = null;
  at("dial").disabled = false;
  at("hangup").disabled = true;
}

// --- calls that the hotline places: one of the fake telephones rings

let rings = null;

async function look() {
  if (call || document.hidden) return;
  const answer = await fetch(ringingUrl);
  const [next] = answer.ok ? await answer.json() : [];
  if (call || next?.sid === rings?.sid) return;
  if (!next) return stopRinging();
  rings = next;
  at("incoming").hidden = false;
  tell(words.incoming.replace("{number}", next.to));
  beep();
}

function stopRinging() {
  rings = null;
  at("incoming").hidden = true;
}

function placed() {
  const urls = { voice: rings.url, status: rings.status_url };
  return new Call(telephone, urls, rings.caller, rings.to, rings.sid);
}

function pickUp() {
  if (rings && !call) through(placed(), words.answered.replace("{number}", rings.to));
}

async function ringOut() {
  if (!rings || call) return;
  const missed = placed();
  stopRinging();
  tell(words.ready);
  await missed.missed();
}

function tick() {
  const seconds = Math.floor((performance.now() - call.startedAt) / 1000);
  at("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function press(key) {
  keyTone(key);
  if (!call) return;
  note("caller", words.pressed.replace("{key}", key));
  onKey(key);
}

/** What was typed stays where it is. */
function unheard() {
  if (!at("message").hidden) tell(words.no_typing);
}

const telephone = { request, hear, ask, record, ring, talk, note, documents, leave };

for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => press(button.dataset.key));
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox])");
  if (KEYS.test(event.key) && !typing && !event.repeat && !event.ctrlKey && !event.metaKey) press(event.key);
});
at("speech").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("said").value.trim();
  if (ALL_KEYS.test(text)) [...text].forEach(press);
  else if (!text || !onWords(text)) return unheard();
  at("said").value = "";
});
at("documents").addEventListener("change", () => {
  for (const item of document.querySelectorAll(".document")) item.hidden = !at("documents").checked;
});
at("dial").addEventListener("click", dial);
at("hangup").addEventListener("click", () => call?.hangUp());
at("pick-up").addEventListener("click", pickUp);
at("ring-out").addEventListener("click", ringOut);
setInterval(() => look().catch(() => {}), LOOK_FOR_CALLS_MS);
addEventListener("pagehide", () => {
  call?.over(true);
  call?.hangUp(); // should the browser bring the page back, its call is over
});
window.speechSynthesis?.getVoices(); // browsers load them only when asked
