// Draws the page's Vega-Lite specifications as SVG, in the page's own colours, and keeps their rows current.
// `ast` has Vega interpret expressions instead of compiling them, which the content policy would not allow.

const drawn = new Map(); // name -> {element, spec, rows, view}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const LINES = ["accent", "band-lapsed", "band-half", "soft-ink"];

function theme(width, palette) {
  const soft = colour("soft-ink");
  const line = colour("line");
  const names = palette === "lines" ? LINES : ["band-complete", "band-half", "band-under", "band-none", "band-lapsed"];
  const axis = { labelColor: soft, titleColor: soft, gridColor: line, domainColor: colour("strong-line"), tickColor: line };
  return {
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    axis: { ...axis, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400, titlePadding: 8 },
    axisY: { domain: false, ticks: false, labelLimit: Math.min(340, Math.round(width * 0.38)) },
    axisX: { domain: false },
    view: { stroke: null },
    range: { category: names.map(colour) },
    legend: { labelColor: soft, titleColor: soft, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 400, symbolSize: 200 },
    bar: { color: colour("accent"), stroke: colour("band-edge"), cornerRadiusEnd: 1 },
    style: { minutes: { color: colour("band-under"), line: { color: colour("accent") } }, achievements: { color: colour("band-half") }, stacks: { color: colour("band-complete") } },
  };
}

const tip = document.createElement("div");
tip.className = "chart-tip";
tip.hidden = true;
document.body.append(tip);

function tooltip(_handler, event, _item, value) {
  tip.hidden = value === null || value === undefined || value === "";
  if (tip.hidden) return;
  tip.textContent = typeof value === "object" ? Object.entries(value).map(([title, text]) => `${title}: ${text}`).join("\n") : value;
  const left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8);
  tip.style.transform = `translate(${Math.max(8, left)}px, ${event.clientY + 16}px)`;
}

function isEmpty(rows) {
  return !rows.some((row) => (row.workers ?? row.count ?? row.share ?? row.until) > 0);
}

// A step height as pixels: a fitted width beside a step is allowed, but Vega-Lite warns of it each time.
function height({ spec, rows }) {
  return spec.height.step ? spec.height.step * bars(spec, rows) : spec.height;
}

function bars(spec, rows) {
  return new Set(rows.map((row) => row[spec.encoding.y.field])).size;
}

async function draw(name) {
  const chart = drawn.get(name);
  chart.view?.finalize();
  chart.view = null;
  if (isEmpty(chart.rows)) {
    chart.element.replaceChildren();
    return;
  }
  const spec = { ...chart.spec, data: { ...chart.spec.data, values: chart.rows }, height: height(chart) };
  const options = { mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false, tooltip, config: theme(chart.element.clientWidth, chart.spec.usermeta?.palette) };
  chart.view = (await window.vegaEmbed(chart.element, spec, options)).view;
}

export async function drawAll() {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  for (const element of document.querySelectorAll("[data-chart]")) {
    const name = element.dataset.chart;
    drawn.set(name, { element, ...charts[name], view: null });
    await draw(name);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((_, name) => draw(name)));
  return { update };
}

function update(name, rows) {
  const chart = drawn.get(name);
  if (!chart) return;
  const before = height(chart);
  chart.rows = rows;
  if (!chart.view || isEmpty(rows) || height(chart) !== before) draw(name);
  else chart.view.data(chart.spec.data.name, rows).runAsync();
}
