// Keeps one page for the time without a connection, and what that page is drawn with. Nothing of
// the panel itself is kept: no order, no amount, no voucher, no answer of the shop.
var KEPT = "gerai-VERSION", PAGE = "/admin/offline", FILES = [PAGE, SHEET, ICON];
addEventListener("install", function (e) {
  e.waitUntil(caches.open(KEPT).then(function (c) { return c.addAll(FILES); }).then(function () { return skipWaiting(); }));
});
addEventListener("activate", function (e) {
  e.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (n) { return n.indexOf("gerai-") === 0 && n !== KEPT; }).map(function (n) { return caches.delete(n); }));
  }).then(function () { return clients.claim(); }));
});
addEventListener("fetch", function (e) {
  if (e.request.method !== "GET") return;
  var path = new URL(e.request.url).pathname;
  if (e.request.mode === "navigate") {
    e.respondWith(fetch(e.request).catch(function () { return caches.match(PAGE); }));
  } else if (path === SHEET || path === ICON) {
    e.respondWith(caches.match(path).then(function (kept) { return kept || fetch(e.request); }));
  }
});
