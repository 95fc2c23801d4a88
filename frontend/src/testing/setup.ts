import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import { createElement } from "react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";

import { clearToasts } from "@/lib/toasts";

import { server } from "./server";

// A failed query says what it looked for; the whole page would bury it. Lazy routes are compiled on first use.
configure({ getElementError: (message) => new Error(message?.split("\n\n")[0]), asyncUtilTimeout: 5_000 });

// uPlot draws on a canvas, which jsdom does not have; what it is given is tested in price-series.
vi.mock("@/components/charts/time-series-chart", () => ({
  default: ({ label }: { label: string }) => createElement("div", { role: "img", "aria-label": label }),
}));

// jsdom has no media queries and no layout: answer as a wide light screen without reduced motion.
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: /min-width/.test(query),
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
for (const side of ["clientHeight", "clientWidth"]) {
  Object.defineProperty(Element.prototype, side, { configurable: true, get: () => 600 });
}
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;
URL.createObjectURL = () => "blob:download";
URL.revokeObjectURL = () => undefined;

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(async () => {
  cleanup();
  server.resetHandlers();
  (await import("@/lib/theme")).setTheme("system"); // imported late: it asks for media queries at once
  clearToasts();
  window.localStorage.clear();
});
afterAll(() => server.close());
