// A slip at the speed of the paper log: Enter sends it from the words as well, where there are keys to press.
if (matchMedia("(hover: hover) and (pointer: fine)").matches) {
  const slip = document.querySelector("[data-slip]");
  for (const hint of slip.querySelectorAll("[data-with-script]")) hint.hidden = false;
  slip.querySelector("textarea").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // composing: Enter chooses the characters
    event.preventDefault();
    slip.requestSubmit();
  });
}

// Says which community a number, another name or pinyin means, before anything is saved; the server asks otherwise.
{
  const PAUSE_MS = 250;
  const field = document.getElementById("community");
  const told = document.querySelector("[data-echo]");
  const echoed = field.form.elements.echoed;
  let timer;
  async function echo() {
    const address = new URL(told.dataset.echo, location.href);
    address.searchParams.set("q", field.value);
    const answer = await fetch(address, { headers: { "X-Present": "1" } });
    if (!answer.ok || address.searchParams.get("q") !== field.value) return;
    const place = await answer.json();
    told.firstElementChild.textContent = place ? place.echo : "";
    echoed.value = place ? place.code : "";
  }
  field.addEventListener("input", () => {
    told.firstElementChild.textContent = "";
    echoed.value = "";
    clearTimeout(timer);
    timer = setTimeout(echo, PAUSE_MS);
  });
  field.addEventListener("change", () => { clearTimeout(timer); echo(); });
}
