// Two keys beside the browser's own player: back a little, and slower for somebody who speaks fast.
for (const player of document.querySelectorAll("[data-player]")) {
  const audio = player.querySelector("audio");
  player.querySelector("[data-back]").addEventListener("click", (event) => {
    audio.currentTime = Math.max(0, audio.currentTime - Number(event.currentTarget.dataset.back));
    audio.play();
  });
  player.querySelector("[data-slower]").addEventListener("click", (event) => {
    const slower = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(slower));
    audio.playbackRate = slower ? Number(event.currentTarget.dataset.slower) : 1;
  });
}
