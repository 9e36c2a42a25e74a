// Fills a field's list of suggestions with what the directory has for the letters typed so far.
for (const field of document.querySelectorAll("[data-suggest]")) {
  const PAUSE_MS = 200;
  let timer;
  async function suggest() {
    const address = new URL(field.dataset.suggest, location.href);
    address.searchParams.set("q", field.value);
    const answer = await fetch(address, { headers: { "X-Present": "1" } });
    if (!answer.ok) return;
    field.list.replaceChildren(...(await answer.json()).map((label) => {
      const option = document.createElement("option");
      option.value = label;
      return option;
    }));
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, PAUSE_MS);
  });
  field.addEventListener("focus", suggest, { once: true });
}
