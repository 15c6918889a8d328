export { LibraryPage } from "./library-page.tsx";
export { LiveCount } from "./live-count.tsx";
