// Keeps an open page true: asks whether something changed (304 when not), renews times, says when we are logged out.
(() => {
  const VISIBLE_MS = 2000, HIDDEN_MS = 20000, TIMES_MS = 15000;
  const language = document.documentElement.lang;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const live = document.querySelector("[data-live]");
  const news = document.querySelector("[data-news]");
  const title = document.title;
  let touched = true;

  for (const event of ["pointerdown", "keydown", "touchstart", "wheel"])
    addEventListener(event, () => { touched = true; }, { passive: true });

  function renewTimes() {
    const now = Date.now();
    for (const time of document.querySelectorAll("[data-ago]")) {
      const minutes = Math.round((new Date(time.dateTime) - now) / 60000);
      if (Math.abs(minutes) < 60) time.textContent = relative.format(minutes, "minute");
      else if (Math.abs(minutes) < 36 * 60) time.textContent = relative.format(Math.round(minutes / 60), "hour");
      else time.textContent = relative.format(Math.round(minutes / 1440), "day");
    }
    for (const tag of document.querySelectorAll("[data-overdue-after]"))
      tag.hidden = new Date(tag.dataset.overdueAfter) > now;
  }

  function countNew() {
    const waiting = Number(document.querySelector("[data-section=new]")?.dataset.total || 0);
    if (live) document.title = waiting ? `(${waiting}) ${title}` : title;
    return waiting;
  }

  function show(trouble) {
    for (const line of document.querySelectorAll("[data-trouble]")) line.hidden = line.dataset.trouble !== trouble;
  }

  function replace(html) {
    const focused = document.activeElement?.id;
    const before = countNew();
    live.innerHTML = html;
    if (countNew() > before) {
      const status = document.querySelector("[data-announce]");
      status.textContent = status.dataset.one;
    }
    renewTimes();
    if (focused && live.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused).focus({ preventScroll: true });
  }

  async function ask() {
    const part = live || news;
    let answer;
    try {
      answer = await fetch(part.dataset.live || part.dataset.news, {
        headers: { "If-None-Match": `"${part.dataset.etag}"`, "X-Present": touched ? "1" : "0" },
        cache: "no-store",
      });
    } catch {
      return show("offline");
    }
    touched = false;
    if (answer.status === 401) return show("logged-out");
    if (answer.status !== 304 && !answer.ok) return show("offline");
    show(null);
    if (answer.status !== 200) return;
    if (live) {
      live.dataset.etag = answer.headers.get("ETag").replaceAll('"', "");
      replace(await answer.text());
    } else {
      news.hidden = false;
    }
  }

  async function keepAsking() {
    await ask();
    timer = setTimeout(keepAsking, document.hidden ? HIDDEN_MS : VISIBLE_MS);
  }

  let timer = setTimeout(keepAsking, VISIBLE_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    clearTimeout(timer);
    keepAsking();
  });
  setInterval(renewTimes, TIMES_MS);
  renewTimes();
  countNew();
})();
