// Tells of a new ticket by a sound and a notice, once for all tabs, in browsers where somebody asked for it.
(() => {
  const ON = "alerts", TOLD = "told";
  const button = document.querySelector("[data-alerts]"), blocked = document.querySelector("[data-alerts-blocked]");
  let sound;

  // Storage may be full or forbidden; then every page tells for itself, and only while it was asked to.
  function recall(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  }
  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch { /* see above */ }
  }

  let on = recall(ON) === "1", told = 0;
  const newest = () => Number(document.querySelector("[data-state]")?.dataset.newest || 0);

  const permission = () => "Notification" in window ? Notification.permission : "denied";

  function show() {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.on : button.dataset.off;
    button.hidden = false;
    // Written only when it applies: a screen reader says what comes into a status line, not what appears with it.
    blocked.textContent = on && permission() === "denied" ? blocked.dataset.alertsBlocked : "";
  }

  // Two notes, made here: no file is needed. A browser lets no page sound before somebody has touched it.
  function ring() {
    sound ||= new AudioContext();
    for (const [at, pitch_hz] of [[0, 660], [0.18, 880]]) {
      const note = new OscillatorNode(sound, { frequency: pitch_hz });
      const loudness = new GainNode(sound, { gain: 0.15 });
      loudness.gain.setTargetAtTime(0, sound.currentTime + at + 0.12, 0.03);
      note.connect(loudness).connect(sound.destination);
      note.start(sound.currentTime + at);
      note.stop(sound.currentTime + at + 0.3);
    }
  }

  // No name and no number: others may look at this screen.
  function notify(id) {
    if (permission() !== "granted" || document.hasFocus()) return;
    try {
      const body = document.querySelector(`[data-ticket="${id}"]`)?.dataset.what || "";
      const notice = new Notification(button.dataset.title, { body, tag: `ticket-${id}`, lang: document.documentElement.lang });
      notice.addEventListener("click", () => { focus(); notice.close(); });
    } catch { /* telephones show notices only to installed pages; sound and title are left */ }
  }

  function once(work) {
    if (navigator.locks) navigator.locks.request("hotline-alerts", work);
    else work();
  }

  function look() {
    const id = newest();
    if (!on || id <= told) return;
    told = id;
    once(() => {
      if (Number(recall(TOLD) || 0) >= id) return;  // another tab has
      remember(TOLD, String(id));
      ring();
      notify(id);
    });
  }

  button.addEventListener("click", async () => {
    on = !on;
    remember(ON, on ? "1" : "0");
    show();
    if (!on) return;
    ring();  // so that it is known how it sounds
    if (permission() === "default") await Notification.requestPermission();
    show();
  });
  document.addEventListener("hotline:renewed", look);
  for (const event of ["pointerdown", "keydown"])
    addEventListener(event, () => { if (on && sound?.state === "suspended") sound.resume(); }, { passive: true });

  told = newest();
  if (told > Number(recall(TOLD) || 0)) remember(TOLD, String(told));  // whoever opens the page sees them
  show();
})();
