// Speaks a recording into the browser: the sound becomes the file of the form, which is then sent like any other.
const LONGEST_S = 120; // whatever the page allows, nobody records for ever

const kind = ["audio/mp4", "audio/webm", "audio/ogg"].find((each) => window.MediaRecorder?.isTypeSupported(each));
if (kind && navigator.mediaDevices) {
  for (const button of document.querySelectorAll("[data-record]")) {
    button.hidden = false;
    button.addEventListener("click", () => (button.recorder ? button.recorder.stop() : record(button)));
  }
}

async function record(button) {
  const told = document.getElementById(button.dataset.told);
  const label = button.textContent;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    told.textContent = button.dataset.refused;
    return;
  }
  const chunks = [];
  const recorder = (button.recorder = new MediaRecorder(stream, { mimeType: kind }));
  const began = performance.now();
  const clock = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    told.textContent = `${seconds} s`;
    if (seconds >= LONGEST_S) recorder.stop();
  }, 500);
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.onstop = () => {
    clearInterval(clock);
    for (const track of stream.getTracks()) track.stop();
    button.recorder = null;
    button.textContent = label;
    const files = new DataTransfer();
    files.items.add(new File(chunks, `recorded.${kind.split("/")[1]}`, { type: kind }));
    button.form.elements.file.files = files.files;
    if (!("keep" in button.dataset)) button.form.requestSubmit(button.form.querySelector("[value=draft]"));
  };
  recorder.start();
  button.textContent = button.dataset.stop;
  told.textContent = "0 s";
}

// A file that is too large is told before it travels.
for (const input of document.querySelectorAll("[data-most-bytes]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > input.dataset.mostBytes);
    input.setCustomValidity(large ? input.dataset.large : "");
    input.reportValidity();
  });
}
