import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Django serves the build under /static/ and renders the page itself (arbsite/templates/dashboard.html), so there
// is no index.html here. Files under `dashboard/` carry Vite's hash and keep their names in Django's manifest.
export default defineConfig({
  base: "/static/",
  plugins: [react(), tailwindcss()],
  publicDir: false,
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  server: { host: "127.0.0.1", port: 5173, strictPort: true, origin: "http://127.0.0.1:5173" },
  build: {
    outDir: "dist",
    assetsDir: "dashboard",
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: "src/main.tsx",
      output: {
        // Small pieces that several routes share travel together: eight requests to the first paint, not twenty.
        codeSplitting: {
          groups: [
            { name: "vendor", test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store))\// },
            // What the first paint needs, and only that: menus, dialogs and what only routes share come later.
            { name: "core", tags: ["$initial"] },
            { name: "overlays", test: /@headlessui\/(?!.*combobox)|@floating-ui|@react-aria|@react-stately|tabbable/ },
            { name: "shared", test: /src\/(components\/ui|lib|features\/[^/]+\/(api|hooks))\/|@heroicons/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost/app/" } },
    setupFiles: ["src/testing/setup.ts"],
    isolate: false, // one jsdom per worker instead of one per file: a quarter of the time; setup.ts cleans up
    restoreMocks: true,
    testTimeout: 15_000,
  },
});
