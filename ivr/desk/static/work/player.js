// Beside the browser's own player: back a little, four speeds, keys; the place in each message is remembered.
(() => {
  const SPEED = "speed", SAVE_EVERY_S = 2, KEPT_PLACES = 200;
  const audios = [...document.querySelectorAll("[data-player] audio")];
  if (!audios.length) return;
  const BACK_S = Number(document.querySelector("[data-back]").dataset.back);
  let current = audios[0];

  // Storage may be full or forbidden; then nothing is remembered, and everything else works.
  function recall(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }
  function remember(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* see above */ }
  }

  function places() {
    const kept = recall("places");
    return Array.isArray(kept) ? kept : [];  // [recording, seconds], the newest last
  }
  function placeOf(id) {
    return places().find(([recording]) => recording === id)?.[1] || 0;
  }
  function keepPlace(id, seconds) {
    const others = places().filter(([recording]) => recording !== id);
    remember("places", (seconds ? [...others, [id, seconds]] : others).slice(-KEPT_PLACES));
  }

  // A pause that follows at once ends the promise of playing with an AbortError; whoever pressed wanted just that.
  function play(audio) {
    audio.play().catch((error) => { if (error.name !== "AbortError") throw error; });
  }
  function back(audio) {
    audio.currentTime = Math.max(0, audio.currentTime - BACK_S);
  }
  function setSpeed(value) {
    for (const audio of audios) audio.defaultPlaybackRate = audio.playbackRate = Number(value);
    for (const choice of document.querySelectorAll("[data-speed]")) choice.value = value;
    remember(SPEED, value);
  }
  function changeSpeed(steps) {
    const choice = document.querySelector("[data-speed]");
    const to = Math.min(choice.options.length - 1, Math.max(0, choice.selectedIndex + steps));
    setSpeed(choice.options[to].value);
  }

  for (const audio of audios) {
    const player = audio.closest("[data-player]"), id = Number(player.dataset.player);
    let saved = 0;
    audio.addEventListener("error", () => { player.querySelector("[data-unplayable]").hidden = false; });
    audio.addEventListener("loadedmetadata", () => {
      const place = placeOf(id);
      if (place && place < audio.duration - 1 && audio.currentTime < 1) audio.currentTime = place;
    });
    audio.addEventListener("play", () => {
      current = audio;
      for (const other of audios) if (other !== audio) other.pause();
    });
    audio.addEventListener("timeupdate", () => {
      if (Math.abs(audio.currentTime - saved) < SAVE_EVERY_S) return;
      saved = audio.currentTime;
      keepPlace(id, Math.floor(saved));
    });
    audio.addEventListener("ended", () => keepPlace(id, 0));
    player.querySelector("[data-back]").addEventListener("click", () => { back(audio); play(audio); });
    player.querySelector("[data-speed]").addEventListener("change", (event) => setSpeed(event.target.value));
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (recall("keys-off") === 1 || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, button, a, summary, audio, [contenteditable]")) return;
    switch (event.key) {
      case " ": current.paused ? play(current) : current.pause(); break;
      case "ArrowLeft": back(current); break;
      case "<": changeSpeed(-1); break;
      case ">": changeSpeed(1); break;
      default: return;
    }
    event.preventDefault();
  });

  const known = [...document.querySelector("[data-speed]").options].some((option) => option.value === recall(SPEED));
  if (known) setSpeed(recall(SPEED));
})();
