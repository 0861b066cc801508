// What a page gains from script: it stays current, its pictures are drawn, and "5 min ago" keeps being true.
// Everything a page says is in its HTML already; without this file nothing is missing but the movement.

import { follow } from "./live.js";
import { morph } from "./morph.js";

const AGO_MILLISECONDS = 10_000;

function ago(instant) {
  const seconds = (Date.now() - instant) / 1000;
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return `${days} day${days === 1 ? "" : "s"} ago`;
}

function refreshAges() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const text = ago(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

// A slider says its value beside it while it is moved; it is the button that asks for it.
for (const slider of document.querySelectorAll("input[data-shown-in]")) {
  const shown = document.getElementById(slider.dataset.shownIn);
  slider.addEventListener("input", () => (shown.value = slider.value));
}

function start(charts) {
  const page = document.body.dataset.live;
  if (!page) return;
  const stream = follow(page, {
    patch({ regions = {}, charts: rows = {} }) {
      for (const [name, html] of Object.entries(regions)) {
        const region = document.querySelector(`[data-region="${name}"]`);
        if (region) morph(region, html);
      }
      for (const [name, values] of Object.entries(rows)) charts?.update(name, values);
      refreshAges();
    },
  });
  setInterval(() => stream.isPaused() || refreshAges(), AGO_MILLISECONDS);
}

if (document.getElementById("charts") && window.vegaEmbed) {
  import("./charts.js").then(({ drawAll }) => drawAll()).then(start);
} else {
  start(null);
}
