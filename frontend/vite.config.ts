import { defineConfig } from "vitest/config";
import { compressed } from "./compressed.ts";
import { onlyOurWords } from "./only-our-words.ts";
import { tablerSubset } from "./tabler-subset.ts";

/** Builds what Django's `vite_asset` serves from `dist/`; addresses inside are relative, so STATIC_URL may be anything. */
export default defineConfig({
  plugins: [onlyOurWords(), compressed()],
  base: "./",
  publicDir: false, // Django serves frontend/public itself
  css: { postcss: { plugins: [tablerSubset()] } },
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      checks: { eval: false }, // htmx holds one, switched off by allowEval: false
      input: ["src/theme.ts", "src/platform.ts", "src/room.ts", "src/lesson.ts"],
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
