import "react";

declare module "react" {
  // Custom properties carry measures from the data into the style sheet.
  interface CSSProperties {
    [name: `--${string}`]: string;
  }
}
