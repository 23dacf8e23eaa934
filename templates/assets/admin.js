// Improves the panel; every page works without it.
(function () {
  var menu = document.getElementById("menu"), wide = matchMedia("(min-width:60rem)");
  // A wide screen shows the menu beside the page, also in browsers that hide
  // the content of a closed details element.
  function show() { if (menu) menu.open = wide.matches; }
  show();
  wide.addEventListener("change", show);

  // <figure data-chart='{"x":[unix seconds],"series":[{"name":"","values":[]}],"kind":"bar"}'> is drawn above the table
  // that says the same.
  function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  var number = new Intl.NumberFormat(document.documentElement.lang);
  function draw(figure) {
    var data = JSON.parse(figure.getAttribute("data-chart")), inks = [color("--link"), color("--wi"), color("--gi"), color("--bi")];
    var box = document.createElement("div");
    figure.insertBefore(box, figure.firstChild);
    var axis = { stroke: color("--dim"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
    var plot = new uPlot({
      width: figure.clientWidth, height: 220,
      scales: { x: { time: data.time !== false } },
      axes: [axis, Object.assign({ size: 70, values: function (u, v) { return v.map(function (n) { return n === null ? "" : number.format(n); }); } }, axis)],
      series: [data.label ? { label: data.label } : {}].concat(data.series.map(function (s, i) {
        return { label: s.name, stroke: inks[i % 4], width: 2, fill: data.kind === "bar" ? inks[i % 4] : undefined, points: { show: false },
          paths: data.kind === "bar" ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined, value: function (u, v) { return v === null ? "" : number.format(v); } };
      }))
    }, [data.x].concat(data.series.map(function (s) { return s.values; })), box);
    new ResizeObserver(function () { plot.setSize({ width: figure.clientWidth, height: 220 }); }).observe(figure);
    figure.plot = plot;
  }
  if (window.uPlot) document.querySelectorAll("[data-chart]").forEach(draw);
})();
