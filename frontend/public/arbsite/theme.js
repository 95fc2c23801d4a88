// Runs before the first paint, so that the page never flashes in the wrong theme. Kept in step with src/lib/theme.ts.
(function () {
  var choice;
  try {
    choice = window.localStorage.getItem("arbsite.theme");
  } catch {
    choice = null; // storage is blocked: follow the system
  }
  var systemIsDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  var isDark = choice === "dark" || (choice !== "light" && systemIsDark);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
