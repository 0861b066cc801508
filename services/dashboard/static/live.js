// One stream of server-sent events keeps the page current. It rests while the page is hidden or paused.

const SAY_MILLISECONDS = 30_000; // an assistive reader is told of new figures this often at most
const STATES = { connecting: "Connecting", live: "Live", paused: "Paused", trouble: "Waiting for data", ended: "Off" };

export function follow(url, { patch }) {
  const bar = document.getElementById("live");
  const state = document.getElementById("live-state");
  const button = document.getElementById("live-pause");
  const notice = document.getElementById("live-notice");
  const said = document.body.appendChild(Object.assign(document.createElement("p"), { className: "said", role: "status" }));
  let source = null;
  let paused = false;
  let ended = false;
  let saidAt = Date.now();

  function show(name, text = "") {
    state.dataset.state = name;
    state.textContent = STATES[name];
    if (notice.textContent !== text) notice.textContent = text;
  }

  function end(text) {
    ended = true;
    close();
    button.hidden = true;
    show("ended", text);
  }

  function say() {
    if (Date.now() - saidAt < SAY_MILLISECONDS) return;
    saidAt = Date.now();
    said.textContent = `Figures updated at ${new Date().toLocaleTimeString()}.`;
  }

  function open() {
    if (source || paused || ended || document.hidden) return;
    show("connecting");
    let first = true;
    source = new EventSource(url);
    source.addEventListener("patch", (event) => {
      const change = JSON.parse(event.data);
      patch(change);
      show("live");
      if (!first && Object.keys(change.regions ?? {}).some((name) => name !== "stamp")) say();
      first = false;
    });
    source.addEventListener("trouble", () => show("trouble", "The data store does not answer. These are the last figures."));
    source.addEventListener("gone", () => end("This is not there any more. Reload the page to see what is."));
    source.addEventListener("ended", () => end("Your session is over. Log in again to go on."));
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) end("Live updates are off. Reload the page to turn them on.");
      else show("connecting");
    });
  }

  function close() {
    source?.close();
    source = null;
  }

  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? "Go on" : "Pause";
    if (paused) {
      close();
      show("paused");
    } else open();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  bar.hidden = false;
  open();
  return { isPaused: () => paused };
}
