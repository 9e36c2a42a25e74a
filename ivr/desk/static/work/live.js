// Keeps an open page true: asks whether something changed (304 when not), renews times, says when we are logged out.
(() => {
  const VISIBLE_MS = 2000, HIDDEN_MS = 20000, TIMES_MS = 15000;
  const language = document.documentElement.lang;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const live = document.querySelector("[data-live]");
  const news = document.querySelector("[data-news]");
  const sayings = document.querySelector("[data-left]")?.dataset;
  const title = document.title;
  let touched = true;
  let later = 0;  // what a busy server asks for

  for (const event of ["pointerdown", "keydown", "touchstart", "wheel"])
    addEventListener(event, () => { touched = true; }, { passive: true });

  // As the server says it, see span() in ivr/desk/inbox.py.
  function span(minutes) {
    const said = (number, unit) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(number);
    const whole = Math.abs(minutes), hours = Math.floor(whole / 60);
    if (whole < 60) return said(whole, "minute");
    if (hours < 10) return said(hours, "hour") + (whole % 60 ? ` ${said(whole % 60, "minute")}` : "");
    if (hours < 48) return said(Math.round(whole / 60), "hour");
    return said(Math.round(whole / 1440), "day");
  }

  function renewTimes() {
    const now = Date.now();
    for (const time of document.querySelectorAll("[data-ago]")) {
      const minutes = Math.round((new Date(time.dateTime) - now) / 60000);
      if (Math.abs(minutes) < 60) time.textContent = relative.format(minutes, "minute");
      else if (Math.abs(minutes) < 36 * 60) time.textContent = relative.format(Math.round(minutes / 60), "hour");
      else time.textContent = relative.format(Math.round(minutes / 1440), "day");
    }
    for (const time of document.querySelectorAll("[data-promise]")) {
      const left = new Date(time.dateTime) - now;
      time.classList.toggle("late", left <= 0);
      time.textContent = (left > 0 ? sayings.left : sayings.late).replace("{}", span(Math.round(left / 60000)));
    }
    for (const tag of document.querySelectorAll("[data-overdue-after]"))
      tag.hidden = new Date(tag.dataset.overdueAfter) > now;
  }

  function state() {
    return document.querySelector("[data-state]")?.dataset || {};
  }

  function countWaiting() {
    const waiting = state().waiting || "0";
    if (live) document.title = waiting === "0" ? title : `(${waiting}) ${title}`;
  }

  function show(trouble) {
    for (const line of document.querySelectorAll("[data-trouble]")) line.hidden = line.dataset.trouble !== trouble;
  }

  function replace(html) {
    const focused = document.activeElement?.id;
    const scrolled = live.querySelector("[data-keep-scroll]")?.scrollLeft;
    const newest = Number(state().newest || 0);
    live.innerHTML = html;
    const strip = live.querySelector("[data-keep-scroll]");
    if (strip) strip.scrollLeft = scrolled;
    countWaiting();
    renewTimes();
    if (focused && live.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused).focus({ preventScroll: true });
    if (Number(state().newest || 0) > newest) {
      const status = document.querySelector("[data-announce]");
      status.textContent = "";  // said again, though the words are the same
      setTimeout(() => { status.textContent = status.dataset.one; });
    }
    document.dispatchEvent(new CustomEvent("hotline:renewed"));
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
    later = Number(answer.headers.get("Retry-After")) * 1000;
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
    timer = setTimeout(keepAsking, Math.max(later, document.hidden ? HIDDEN_MS : VISIBLE_MS));
  }

  let timer;
  if (live || news) {
    timer = setTimeout(keepAsking, VISIBLE_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      clearTimeout(timer);
      keepAsking();
    });
  }
  setInterval(renewTimes, TIMES_MS);
  renewTimes();
  countWaiting();
  live?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
