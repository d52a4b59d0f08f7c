// Draws the tables in figure.chart with ECharts, when they come into view and not before.
//
// The table is the truth and stays: it folds away once the drawing is there. Colours come from
// the page's own properties, so a chart follows the theme. SVG and "richText" tooltips, because
// the page's policy allows no inline styles in markup.

const figures = new Map();

const text = (node) => node.textContent.trim().replace(/\s+/g, " ");

/** The figure's table as labels and series. */
function read(figure) {
  const [head, ...body] = [...figure.querySelectorAll("tr")].map((row) => [...row.cells]);
  const cells = body.map((row) => row.slice(1));
  return {
    labels: body.map((row) => text(row[0])),
    series: head.slice(1).map((cell, column) => ({
      name: text(cell),
      values: cells.map((row) => (row[column].dataset.value ? +row[column].dataset.value : null)),
      texts: cells.map((row) => text(row[column])),
    })),
  };
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    ink: get("--ink"), quiet: get("--ink-2"), hair: get("--hair"), paper: get("--paper"),
    fills: [get("--t5"), get("--t3"), get("--t4"), get("--t2")],
    face: get("--sans"),
  };
}

function options(figure) {
  const { labels, series } = read(figure);
  const colours = palette();
  const kind = figure.dataset.kind;
  const font = { color: colours.quiet, fontSize: 12, fontFamily: colours.face };
  const isLine = kind === "line";
  return {
    animation: false,
    aria: { enabled: false },
    color: colours.fills,
    textStyle: { fontFamily: colours.face },
    grid: { left: 8, right: 16, top: series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: {
      show: series.length > 1, left: 0, top: 0, textStyle: font, selectedMode: false,
      // A line is told from another by its dashes, so its key shows the line itself.
      ...(isLine
        ? { itemWidth: 32, itemHeight: 6 }
        : { icon: "rect", itemWidth: 12, itemHeight: 12 }),
    },
    tooltip: {
      trigger: "axis", renderMode: "richText", backgroundColor: colours.paper,
      borderColor: colours.ink, borderWidth: 1, borderRadius: 0, shadowBlur: 0,
      shadowOffsetX: 0, shadowOffsetY: 0,
      textStyle: { ...font, color: colours.ink },
      axisPointer: { type: isLine ? "line" : "shadow", shadowStyle: { opacity: 0.08 } },
      formatter: (points) => [
        points[0].name,
        ...points.map(
          (point) => `${point.seriesName}  ${series[point.seriesIndex].texts[point.dataIndex]}`,
        ),
      ].join("\n"),
    },
    xAxis: {
      type: "category", data: labels, axisLabel: font, axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.ink } },
    },
    yAxis: {
      type: "value", axisLabel: font, splitLine: { lineStyle: { color: colours.hair } },
    },
    series: series.map((each, index) => ({
      name: each.name, type: isLine ? "line" : "bar", data: each.values,
      stack: kind === "stacked" ? "all" : undefined, barMaxWidth: 40, symbol: "rect", symbolSize: 6,
      lineStyle: { width: 2, type: index % 2 ? "dashed" : "solid", color: colours.ink },
      itemStyle: {
        borderColor: isLine ? colours.ink : colours.paper, borderWidth: isLine ? 0 : 1,
        color: isLine ? colours.ink : undefined,
      },
    })),
  };
}

async function draw(figure) {
  const echarts = await import(figure.dataset.module);
  const plot = figure.querySelector(".plot");
  plot.hidden = false;
  const chart = echarts.init(plot, null, { renderer: "svg" });
  chart.setOption(options(figure));
  figures.set(figure, chart);
  figure.querySelector("details").open = false;
  // To those who listen, the drawing is nothing: the table says it all.
  plot.setAttribute("aria-hidden", "true");
}

function redraw() {
  for (const [figure, chart] of figures) chart.setOption(options(figure), true);
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    // Without the drawing the open table is left as it is.
    draw(entry.target).catch(() => {});
  }
}, { rootMargin: "200px" });

for (const figure of document.querySelectorAll("figure.chart")) seen.observe(figure);

document.addEventListener("themechange", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("resize", () => {
  for (const chart of figures.values()) chart.resize();
});
