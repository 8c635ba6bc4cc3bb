/**
 * Runs before the first paint: "auto" follows the system, light or dark were chosen (cookie, written into the page by Django).
 * @example <html data-nx-theme="auto" data-bs-theme="light">
 */
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

export function paint(): void {
  const wish = root.dataset["nxTheme"] ?? "auto";
  root.dataset["bsTheme"] = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
}

dark.addEventListener("change", paint);
paint();
