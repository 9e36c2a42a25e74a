// Draws each table marked with data-chart above itself; the table folds away, and stays the truth.
"use strict";

const COLOURS = ["#0b5351", "#c9a24d"];

const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim());

const folded = (table) => {
  const fold = document.createElement("details");
  fold.className = "chart-rows";
  const summary = document.createElement("summary");
  summary.textContent = table.caption.textContent.trim();
  table.before(fold);
  fold.append(summary, table);
  return fold;
};

const draw = (table) => {
  const [, ...names] = cells(table.tHead.rows[0]);
  const rows = [...table.tBodies[0].rows].map(cells);
  const room = document.createElement("div");
  room.className = "chart";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", table.caption.textContent.trim());
  room.append(canvas);
  folded(table).before(room);
  new Chart(canvas, {
    type: table.dataset.chart,
    data: {
      labels: rows.map((row) => row[0]),
      datasets: names.map((label, n) => ({
        label,
        data: rows.map((row) => Number(row[n + 1])),
        backgroundColor: COLOURS[n % COLOURS.length],
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
    },
  });
};

if (window.Chart) {
  document.querySelectorAll("[data-chart]").forEach(draw);
}
