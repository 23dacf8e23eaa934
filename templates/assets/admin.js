// Improves the panel; every page works without it.
(function () {
  var menu = document.getElementById("menu"), wide = matchMedia("(min-width:60rem)");
  // A wide screen shows the menu beside the page, also in browsers that hide
  // the content of a closed details element.
  function show() { if (menu) menu.open = wide.matches; }
  show();
  wide.addEventListener("change", show);
})();
