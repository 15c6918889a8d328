export const people = {
  signIn: "Sign in",
  signInTitle: "Sign in to Sworn",
  email: "E-mail",
  password: "Password",
  signInFailed: "That e-mail and password do not go together. Check both and try again.",
} as const;
