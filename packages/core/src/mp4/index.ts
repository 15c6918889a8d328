export { type MoofSample, type TrackDefaults, readDefaults, readMoof } from "./read-moof.ts";
export { type MovieTrack, readMovie } from "./read-movie.ts";
export { type MovieSample, readSamples } from "./read-samples.ts";
export { type ReadRange, type TopBox, type TopBoxes, walkTopBoxes } from "./walk-boxes.ts";
export { readSyncSamples, readPictureTimes } from "./read-sync.ts";
export { type ReelSample, writeReel } from "./write-reel.ts";
