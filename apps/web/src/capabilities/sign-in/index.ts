export { AccountPage } from "./account-page.tsx";
export { CodeForm } from "./code-form.tsx";
