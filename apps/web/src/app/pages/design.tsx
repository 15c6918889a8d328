export { DesignPage } from "../design/design-page.tsx";
