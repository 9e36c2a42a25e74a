// A slip at the speed of the paper log: Enter sends it from the words as well, and once only.
const slip = document.querySelector("[data-slip]");
for (const hint of slip.querySelectorAll("[data-with-script]")) hint.hidden = false;
slip.querySelector("textarea").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // composing: Enter chooses the characters
  event.preventDefault();
  slip.requestSubmit();
});
slip.addEventListener("submit", () => {
  slip.querySelector("button").disabled = true;
});
addEventListener("pageshow", () => {
  slip.querySelector("button").disabled = false; // the page came back with the browser's own Back
});
