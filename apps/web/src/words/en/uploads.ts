export const uploads = {
  title: "Upload",
} as const;
