// A form is sent once: a second tap before the answer is there is no second wish. What was filled in wrongly is shown.
(() => {
  const PATIENCE_MS = 10000; // then whoever presses again means it
  let sent = new Map();
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (Date.now() - (sent.get(event.target) ?? 0) < PATIENCE_MS) return event.preventDefault();
    sent.set(event.target, Date.now());
  });
  addEventListener("pageshow", () => { sent = new Map(); }); // the page came back with the browser's own Back
  addEventListener("DOMContentLoaded", () => document.querySelector("[aria-invalid=true]")?.focus());
})();
