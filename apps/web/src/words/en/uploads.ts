export const uploads = {
  title: "Upload",
  lead: "Drop files here",
  choose: "Choose files",
  formats: "MP4 and MOV, of any size. Several at once are fine.",
  notYours: "Uploading is not for your role",
  notYoursBody: "Your role reads. An officer, supervisor or custodian can bring files in.",
  list: "Uploads",
  promise:
    "Keep your own copy until its line says that it is no longer needed: only then has every byte been written, read back and matched, and the file been opened as a player does.",
  phases: {
    waiting: "Waiting",
    comparing: "Known here, being compared",
    sending: "Sending",
    sealing: "Received, being sealed",
    opening: "Stored, being opened",
    stored: "Stored",
    known: "Not sent again",
    refused: "Not taken",
    failed: "Interrupted",
    cancelled: "Cancelled",
  },
  storedPhases: {
    plays: "Stored",
    "ends-early": "Stored, ends early",
    "cannot-be-played": "Stored, cannot be played",
    "not-known": "Stored",
  },
  left: (time: string) => `${time} left`,
  resumed: "An upload of this file was unfinished: it goes on where it was.",
  comparing: (of: string) => `This browser sent such a file before; ${of} compared with what is held`,
  sealing: (of: string) => `${of} read back and matched`,
  opening: (size: string) => `${size}, read back and matched. Whether it can be played is being looked at.`,
  storedLines: {
    plays: (size: string) =>
      `${size}, read back, matched and in the log, and it can be played. Your copy is no longer needed.`,
    "ends-early": (size: string, why: string) =>
      `${size}, stored whole as it came. ${why} It plays up to there. Keep your copy, it may be the better one; the bytes here are kept unchanged.`,
    "cannot-be-played": (size: string, why: string) =>
      `${size}, stored whole, but it cannot be played. ${why} Keep your copy, it may be the better one; the bytes here are kept unchanged.`,
    "not-known": (size: string) =>
      `${size}, stored whole. Whether it can be played is not known yet: keep your copy until its page shows the picture.`,
  },
  alreadyHeld: "These exact bytes were already held; this became a second entry of the same item.",
  known: "These exact bytes are already held: nothing was sent.",
  onItsWay: "This file is already on its way, in this list.",
  sendAnyway: "Send it all the same",
  refusedLine: "The file was not taken. Nothing else is affected.",
  failedLine: "What was received is kept; it goes on from there.",
  cancelledLine: "Ended by you. What had arrived is kept visible for the custodian.",
  open: "Open",
  remove: "Remove from this list",
  unfinished: "Not finished",
  received: (done: string, all: string) => `${done} of ${all} received`,
  keptUntil: (moment: string) => `kept until ${moment}`,
  sameFile: "The browser forgot the file when the page closed. Choose the same file again and it goes on where it was.",
  otherFile:
    "That is another file: name, size, date or content differ. Going on with it would mix two files, so it was not taken.",
  otherBrowser:
    "Begun in another browser, which alone can tell whether a file is the same. Go on there, or end it here.",
  chooseSame: "Choose the same file",
  giveUp: "End it",
  chip: (count: number, percent: number) => `${count} uploading · ${percent} %`,
} as const;
