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
