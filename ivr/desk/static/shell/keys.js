// The keyboard alone: j and k from row to row, Enter opens, space plays, c claims, n notes, d says what was done,
// / searches, u leads back, ? tells.
// What plays a ticket's own message is in player.js; "keys-off" silences both.
(() => {
  const OFF = "keys-off", BACK = "inbox";
  const dialog = document.querySelector("[data-keys]");
  const audio = new Audio();
  let at = -1, playing;

  // By its name: where storage is forbidden, to name it is enough to fail.
  function recall(store, key) {
    try { return window[store].getItem(key); } catch { return null; }
  }
  function remember(store, key, value) {
    try { window[store].setItem(key, value); } catch { /* forbidden: nothing is remembered */ }
  }

  const rows = () => [...document.querySelectorAll("[data-rows] > [data-ticket]")];
  const current = () => document.activeElement?.closest?.("[data-rows] > [data-ticket]");

  function move(step) {
    const every = rows();
    if (!every.length) return false;
    const here = every.indexOf(current());
    // A row that somebody else has claimed is gone: go on from where it was.
    at = here >= 0 ? here + step : at < 0 ? 0 : step > 0 ? at : at - 1;
    at = Math.min(every.length - 1, Math.max(0, at));
    every[at].querySelector(".ticket-link").focus();
    every[at].scrollIntoView({ block: "nearest" });
  }

  function play(link) {
    if (!link) return;
    if (playing === link.id && !audio.paused) return audio.pause();
    if (playing !== link.id) audio.src = link.href;
    playing = link.id;
    audio.play().catch(() => mark());
  }
  function mark() {
    for (const link of document.querySelectorAll("[data-play]")) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-pressed", String(link.id === playing && !audio.paused));
    }
  }
  for (const event of ["play", "pause", "ended", "error"]) audio.addEventListener(event, mark);
  document.addEventListener("hotline:renewed", mark);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-play]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    play(link);
  });

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    c: () => (current()?.querySelector(".claim") || document.getElementById("claim"))?.click(),
    n: () => document.getElementById("note")?.focus(),
    d: () => document.getElementById("note")?.focus(),
    "/": () => {
      const field = document.getElementById("search");
      field ? field.focus() : location.assign(dialog.dataset.search);
    },
    u: () => location.assign(recall("sessionStorage", BACK) || document.querySelector(".brand").href),
    "?": () => dialog.showModal(),
    " ": () => {
      const row = current();
      if (!row || document.activeElement.matches("button")) return false;
      play(row.querySelector("[data-play]"));
    },
  };
  const typing = (target) => target.matches?.("input, textarea, select, [contenteditable], audio, summary");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || dialog.open) return;
    if (recall("localStorage", OFF) === "1" && event.key !== "?") return;
    if (!Object.hasOwn(KEYS, event.key) || KEYS[event.key]() === false) return;
    event.preventDefault();
  });

  const choice = dialog.querySelector("[data-keys-on]");
  choice.checked = recall("localStorage", OFF) !== "1";
  choice.addEventListener("change", () => remember("localStorage", OFF, choice.checked ? "0" : "1"));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  for (const button of document.querySelectorAll("[data-show-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
  if (document.querySelector("[data-live]")) remember("sessionStorage", BACK, location.pathname + location.search);
  mark();
})();
