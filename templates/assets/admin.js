// Improves the panel; every page works without it.
(function () {
  var menu = document.getElementById("menu"), wide = matchMedia("(min-width:60rem)");
  // A wide screen shows the menu beside the page, also in browsers that hide
  // the content of a closed details element.
  function show() { if (menu) menu.open = wide.matches; }
  show();
  wide.addEventListener("change", show);

  // Without a connection the browser shows a page that says so; see sw.js.
  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/admin/sw.js", {scope: "/admin"}).catch(function () {});

  // What was done is said once: a reload of the page does not say it again.
  var here = new URL(location.href);
  if (here.searchParams.has("m")) {
    here.searchParams.delete("m");
    history.replaceState(null, "", here);
  }

  // The slash leads to the search, unless something is being typed.
  var find = document.getElementById("find");
  if (find) document.addEventListener("keydown", function (e) {
    if (e.key !== "/" || e.ctrlKey || e.altKey || e.metaKey || e.target.closest("input,select,textarea")) return;
    e.preventDefault();
    find.focus();
  });

  // Rows of tabs are wider than a phone: the open one is brought into sight.
  document.querySelectorAll(".tabs,.chips").forEach(function (row) {
    var here = row.querySelector("[aria-current]");
    if (here) row.scrollLeft = here.offsetLeft - row.offsetLeft - 48;
  });

  // A button that prints, where there is a script to do it.
  document.querySelectorAll("[data-print]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () { window.print(); });
  });

  // The counter's list of plans: a digit chooses the plan with that number.
  document.querySelectorAll("[data-digits]").forEach(function (list) {
    list.addEventListener("keydown", function (e) {
      var n = Number(e.key), all = list.querySelectorAll("input");
      if (!e.ctrlKey && !e.altKey && !e.metaKey && n >= 1 && n <= all.length) {
        all[n - 1].checked = true;
        all[n - 1].focus();
        all[n - 1].dispatchEvent(new Event("input", { bubbles: true }));
        e.preventDefault();
      }
    });
  });

  // What a sale of the counter costs, and the change. The server works out both; a code of a promotion only the server knows.
  var sale = document.getElementById("sell");
  if (sale) {
    var rupiah = function (n) { return "Rp" + String(n).replace(/\B(?=(\d{3})+$)/g, "."); };
    var digits = function (s) { return Number(String(s || "").replace(/\D/g, "")); };
    var work = function () {
      var f = sale.elements, plan = sale.querySelector("[name=plan]:checked"), total = sale.querySelector("[data-total]"), change = sale.querySelector("[data-change]");
      var off = f.discount ? f.discount.value : "", gross = plan ? Number(plan.dataset.due) * (Number(f.quantity.value) || 0) : 0;
      var due = gross - (/%\s*$/.test(off) ? Math.floor(gross * digits(off) / 100) : digits(off)), given = digits(f.given.value);
      var known = due > 0 && !f.promo.value.trim();
      total.hidden = !known;
      total.querySelector("[data-due]").textContent = known ? rupiah(due) : "";
      total.querySelector("[data-less]").textContent = "";
      change.hidden = !known || f.method.value !== "cash" || given <= due;
      change.querySelector("b").textContent = rupiah(given - due);
    };
    sale.addEventListener("input", work);
    if (!sale.elements.promo.value.trim()) work();
  }

  // <figure data-chart='{"x":[unix seconds],"series":[{"name":"","values":[]}],"kind":"bar"}'> is drawn above the table
  // that says the same.
  function color(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  var dark = matchMedia("(prefers-color-scheme:dark)");
  var number = new Intl.NumberFormat(document.documentElement.lang);
  // Times below a chart are those of the page's language: 28 Nov, 14.30, seconds where it moves.
  function named(at, all, span) {
    if (at === null) return "";
    var t = new Date(at * 1000), lang = document.documentElement.lang;
    if (span) return t.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    if (all.length > 1 && all[1] - all[0] < 86400) {
      return t.getHours() + t.getMinutes() === 0 ? t.toLocaleDateString(lang, { day: "numeric", month: "short" }) : t.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
    }
    return t.toLocaleDateString(lang, { day: "numeric", month: "short" });
  }
  function draw(figure) {
    var data = JSON.parse(figure.getAttribute("data-chart")), inks = ["--link", "--wi", "--gi", "--bi"].map(function (n) { return function () { return color(n); }; });
    var box = document.createElement("div"), span = figure.hasAttribute("data-live") ? 60 : 0; // seconds in sight
    figure.insertBefore(box, figure.firstChild);
    var axis = { stroke: function () { return color("--dim"); }, grid: { stroke: function () { return color("--line"); }, width: 1 }, ticks: { show: false } };
    var plot = new uPlot({
      width: box.clientWidth, height: 220,
      scales: { x: { time: data.time !== false, range: span && function (u, min, max) { return [max - span, max]; } },
        y: { range: function (u, min, max) { return [Math.min(min || 0, 0), max > 0 ? max * 1.1 : 1]; } } }, // from zero
      axes: [Object.assign({ values: function (u, v) { return v.map(function (at) { return named(at, v, span); }); } }, axis), Object.assign({ size: 70, values: function (u, v) { return v.map(function (n) { return n === null ? "" : number.format(n); }); } }, axis)],
      series: [data.label ? { label: data.label } : {}].concat(data.series.map(function (s, i) {
        return { label: s.name, stroke: inks[i % 4], width: 2, fill: data.kind === "bar" ? inks[i % 4] : span ? function () { return color(["--link", "--wi"][i % 2]) + "22"; } : undefined, points: { show: false },
          paths: data.kind === "bar" ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined, value: function (u, v) { return v === null ? "" : number.format(v); } };
      }))
    }, [data.x].concat(data.series.map(function (s) { return s.values; })), box);
    new ResizeObserver(function () { plot.setSize({ width: box.clientWidth, height: 220 }); }).observe(figure);
    dark.addEventListener("change", function () { plot.redraw(); });
    figure.plot = plot;
    box.hidden = data.x.length < 2; // a line needs two points
  }
  if (window.uPlot) document.querySelectorAll("[data-chart]").forEach(draw);

  // <figure data-live="URL">: readings from an event stream are added at the right. A page nobody sees asks for none.
  document.querySelectorAll("[data-live]").forEach(function (figure) {
    if (!window.EventSource || !figure.plot) return;
    var data = figure.plot.data.map(function (v) { return v.slice(); }), source, show = {};
    figure.querySelectorAll("[data-now]").forEach(function (e) { show[e.getAttribute("data-now")] = e; });
    var held = false, pause = figure.querySelector("[data-pause]"), lost = figure.querySelector("[data-lost]");
    function paint() {
      figure.plot.root.parentNode.hidden = data[0].length < 2;
      figure.plot.setData(data.map(function (v) { return v.slice(); }));
    }
    function read(e) {
      var r = JSON.parse(e.data);
      lost.hidden = true;
      show.failure.textContent = r.failure || ""; show.failure.hidden = !r.failure;
      if (r.at <= data[0][data[0].length - 1]) return;
      data[0].push(r.at); data[1].push(r.rx); data[2].push(r.tx);
      while (data[0][0] < r.at - 60) data.forEach(function (v) { v.shift(); });
      if (held) return;
      show.rx.textContent = r.rx_text; show.tx.textContent = r.tx_text;
      paint();
    }
    if (pause) {
      pause.hidden = false;
      pause.addEventListener("click", function () {
        var word = pause.textContent;
        held = !held;
        pause.textContent = pause.getAttribute("data-pause");
        pause.setAttribute("data-pause", word);
        pause.setAttribute("aria-pressed", held);
        if (!held) paint();
      });
    }
    function look() {
      if (source) { source.close(); source = null; }
      if (document.hidden) return;
      source = new EventSource(figure.getAttribute("data-live"));
      source.addEventListener("rate", read);
      source.addEventListener("error", function () { lost.hidden = false; });
    }
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", function () { if (source) source.close(); });
    look();
  });
})();
