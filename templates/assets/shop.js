// Improves the order page: copy buttons, news without reloading, a countdown.
// Every page works without it; nothing here is needed to pay or to connect.
(function () {
  var doc = document, polls = 0, timer, stream, busy, more, heard;

  function live() { return doc.getElementById("live"); }
  function data(name) { var e = live(); return e && e.getAttribute("data-" + name); }
  function done() { var e = live(); return !e || e.hasAttribute("data-final"); }

  // Copy buttons appear only where a script can serve them.
  function buttons() {
    [].forEach.call(doc.querySelectorAll("[data-copy]"), function (b) { b.hidden = false; });
  }
  function oldCopy(text) {
    var t = doc.createElement("textarea");
    t.value = text;
    t.readOnly = true;
    doc.body.appendChild(t);
    t.select();
    t.setSelectionRange(0, text.length);
    var ok = doc.execCommand("copy");
    doc.body.removeChild(t);
    return ok;
  }
  doc.addEventListener("click", function (e) {
    var b = e.target.closest && e.target.closest("[data-copy]");
    if (!b) return;
    var text = b.getAttribute("data-copy"), name = b.firstChild.data;
    function say() {
      b.firstChild.data = b.getAttribute("data-done");
      setTimeout(function () { b.firstChild.data = name; b.disabled = false; }, 2000);
      b.disabled = true;
    }
    function old() { try { if (oldCopy(text)) say(); } catch (x) {} b.focus(); }
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(say, old); else old();
  });

  // swap shows the page as the server sees it now, if that looks different.
  // News that comes meanwhile is not lost: it is fetched right after.
  function swap() {
    if (busy) return more = true;
    busy = true;
    more = false;
    fetch(data("page"), { cache: "no-store" }).then(function (r) {
      if (!r.ok) throw r;
      return r.text();
    }).then(function (html) {
      busy = false;
      var next = new DOMParser().parseFromString(html, "text/html"), fresh = next.getElementById("live"), now = live();
      if (!fresh) return;
      if (fresh.getAttribute("data-look") === now.getAttribute("data-look")) {
        now.setAttribute("data-tag", fresh.getAttribute("data-tag"));
        return;
      }
      // Children are exchanged piece by piece inside the one status region,
      // so that a screen reader announces the new state.
      var say = now.querySelector("[role=status]"), said = fresh.querySelector("[role=status]");
      [].slice.call(fresh.attributes).forEach(function (a) { now.setAttribute(a.name, a.value); });
      ["data-final", "data-again"].forEach(function (a) { if (!fresh.hasAttribute(a)) now.removeAttribute(a); });
      while (now.firstChild !== say) now.removeChild(now.firstChild);
      while (say.nextSibling) now.removeChild(say.nextSibling);
      while (fresh.firstChild !== said) now.insertBefore(fresh.firstChild, say);
      while (said.nextSibling) now.appendChild(said.nextSibling);
      say.innerHTML = said.innerHTML;
      doc.title = next.title;
      buttons();
    }).catch(function () { busy = false; heard = 0; }).then(function () {
      if (done()) stop();
      else if (more) swap();
      // It failed, another server had not heard yet, or time alone changes it.
      else if (heard !== data("tag") || data("again") !== null) poll();
    });
  }
  function news(tag) {
    heard = tag;
    if (tag && tag !== data("tag")) swap();
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    if (stream) stream.close();
    stream = null;
  }
  function ask() {
    if (data("again") !== null) return swap();
    fetch(data("status"), { cache: "no-store", headers: { "If-None-Match": data("tag") } })
      .then(function (r) { if (r.status === 200) news(r.headers.get("ETag")); }).catch(function () {});
  }
  // 3 s in the first minute, 5 s until the fourth, then 10 s.
  function poll() {
    clearTimeout(timer);
    if (done()) return;
    timer = setTimeout(function () {
      polls++;
      if (!doc.hidden) ask();
      poll();
    }, polls < 20 ? 3000 : polls < 56 ? 5000 : 10000);
  }
  function listen() {
    if (done() || !window.EventSource) return poll();
    stream = new EventSource(data("events"));
    stream.addEventListener("status", function (e) {
      // The stream works: ask again only where the page may change by itself.
      clearTimeout(timer);
      if (data("again") !== null) poll();
      news(e.lastEventId);
    });
    stream.onerror = function () { poll(); };
  }

  function left() {
    var e = doc.querySelector("[data-until]");
    if (!e) return;
    if (!e.skew) e.skew = Date.now() - e.getAttribute("data-now");
    var s = Math.floor((e.getAttribute("data-until") - Date.now() + e.skew) / 1000);
    e.textContent = s > 0 && s < 86400 ? (s >= 3600 ? Math.floor(s / 3600) + ":" : "") + ("0" + Math.floor(s / 60) % 60).slice(-2) + ":" + ("0" + s % 60).slice(-2) : "";
  }

  // A page that says "busy" presses its own button after a while, not all of them at
  // once. The server counts how often.
  function press() {
    var form = doc.querySelector("form[data-press]"), after = form && +form.getAttribute("data-press");
    if (!after) return;
    var due = setTimeout(function () { form.submit(); }, (after + 2 * Math.random()) * 1000);
    form.addEventListener("submit", function () { clearTimeout(due); });
  }

  buttons();
  press();
  if (!live() || done()) return;
  left();
  setInterval(left, 1000);
  doc.addEventListener("visibilitychange", function () { if (!doc.hidden && !done()) ask(); });
  listen();
})();
