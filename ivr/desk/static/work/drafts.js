// Words that are typed are never lost: each field is kept in this tab at once and on the server a moment later, until
// it has been sent. What the server could not take (login ended, no network) is brought back and kept again next time.
(() => {
  const PAUSE_MS = 1500, RETRY_MS = 15000, GONE = [403, 404, 410];
  const root = document.querySelector("[data-drafts]");
  if (!root) return;
  const { drafts: address, person, ticket } = root.dataset;
  const token = document.querySelector("input[name=csrf_token]").value;
  const fields = [...root.querySelectorAll("[data-draft]")];
  const timers = new Map();
  let stopped = false;

  const key = (field) => `draft:${person}:${ticket}:${field.name}`;  // another person in this tab never sees it
  function recall(field) {
    try { return sessionStorage.getItem(key(field)); } catch { return null; }
  }
  function remember(field) {
    try { sessionStorage.setItem(key(field), field.value); } catch { /* no room: the server has it in a moment */ }
  }
  function forget(field) {
    try { sessionStorage.removeItem(key(field)); } catch { /* as above */ }
  }

  function later(field, ms) {
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(() => keep(field), ms));
  }

  async function keep(field, leaving = false) {
    clearTimeout(timers.get(field));
    timers.delete(field);
    if (stopped) return;
    const text = field.value;
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams({ field: field.name, text }),
        keepalive: leaving,
      });
    } catch {
      return later(field, RETRY_MS);
    }
    if (answer.ok) {
      if (field.value === text && !leaving) forget(field);  // the next page may have been made before this arrived
      const line = field.form.querySelector("[data-kept]");
      if (line) line.hidden = !text;
    } else if (GONE.includes(answer.status)) {
      stopped = true;  // the ticket is not ours to see any more; the tab still has the words
    } else {
      later(field, RETRY_MS);
    }
  }

  // The page before this one sent a field, and the server says that it arrived.
  const sent = location.hash.match(/^#sent-(\w+)$/)?.[1];
  if (sent) {
    try { sessionStorage.removeItem(`draft:${person}:${ticket}:${sent}`); } catch { /* as above */ }
    history.replaceState(null, "", location.pathname + location.search);
  }

  for (const field of fields) {
    const unsent = recall(field);
    if (unsent === field.value) forget(field);
    else if (unsent !== null) {
      field.value = unsent;
      const fold = field.closest("details");
      if (fold && unsent) fold.open = true;
      keep(field);
    }
    const line = field.form.querySelector("[data-kept]");
    if (line && field.value) line.hidden = false;
    field.addEventListener("input", () => {
      remember(field);
      if (!timers.has(field)) later(field, PAUSE_MS);  // so that it is kept while somebody types without a pause, too
    });
    field.form.addEventListener("submit", () => {
      clearTimeout(timers.get(field));
      timers.delete(field);
      if (field.value) remember(field);
    });
  }

  addEventListener("pagehide", () => {
    for (const field of [...timers.keys()]) keep(field, true);
  });
})();
