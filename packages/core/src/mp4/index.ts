export { type MovieTrack, readMovie } from "./read-movie.ts";
export { type MovieSample, readSamples } from "./read-samples.ts";
export { type ReadRange, type TopBox, type TopBoxes, walkTopBoxes } from "./walk-boxes.ts";
