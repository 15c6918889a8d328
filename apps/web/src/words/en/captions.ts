export const captions = {
  title: "Captions",
  none: "None yet. A file with a track of captions brings its own; others can be added as WebVTT.",
  there: "There are captions. C shows them in the picture, or hides them.",
  add: "Add captions (WebVTT)…",
  replace: "Add newer captions (WebVTT)…",
  added: (lines: number) =>
    lines === 1 ? "One line of captions was added." : `${lines} lines of captions were added.`,
  tooLarge: "Captions are at most 512 KiB. Nothing was sent.",
  track: "Captions",
};
