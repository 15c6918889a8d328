import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** In development the API comes from a running server; SWORN_URL names it. */
const api = process.env["SWORN_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // Every asset is a file of its own: the policy allows data: for pictures only.
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The map's worker ships as .mjs, which few static servers know as a script; a wrong type would stop it.
        assetFileNames: (asset) =>
          asset.names[0]?.endsWith(".mjs") === true ? "assets/[name]-[hash].js" : "assets/[name]-[hash][extname]",
      },
    },
  },
  server: { proxy: { "/api": api, "/healthz": api } },
});
