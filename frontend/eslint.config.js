import { readdirSync } from "node:fs";

import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const moneyIsText = [
  {
    selector: "CallExpression[callee.name='parseFloat'], CallExpression[callee.property.name='parseFloat']",
    message: "Money is a decimal string. Compare with lib/decimal, draw with approximate().",
  },
];

/** What each layer must not import: features know no other feature, shared code knows no feature. */
function zone(files, patterns, message) {
  return {
    files,
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: patterns, message }] }] },
  };
}

export default tseslint.config(
  { ignores: ["dist", "coverage", "src/api/schema.gen.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", document: "readonly", window: "readonly" },
    },
    rules: {
      "no-restricted-syntax": ["error", ...moneyIsText],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 14],
      "react-hooks/incompatible-library": "off", // the React Compiler is not used; TanStack Table works without it
      eqeqeq: ["error", "always"],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["src/**/*.tsx"],
    ignores: ["src/**/*.test.tsx"],
    rules: { "max-lines": ["error", { max: 150, skipBlankLines: true, skipComments: true }] },
  },
  ...features.map((name) =>
    zone(
      [`src/features/${name}/**`],
      ["@/app/*", ...features.filter((other) => other !== name).map((other) => `@/features/${other}/*`)],
      "A feature imports no other feature; routes compose them.",
    ),
  ),
  zone(
    ["src/components/**", "src/lib/**", "src/api/**"],
    ["@/features/*", "@/app/*"],
    "Shared code knows no feature.",
  ),
);
