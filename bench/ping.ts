import { Agent, get } from "node:http";

// A process of its own, so that a stall of the server shows and a stall of the bench does not hide it: asks /healthz
// every 10 ms and prints, when it is told to end, how long each answer took from the moment it was due.
const [url = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const waits: number[] = [];
let failed = 0;

const timer = setInterval(() => {
  const due = performance.now();
  get(`${url}/healthz`, { agent }, (response) => {
    response.resume().once("end", () => waits.push(performance.now() - due));
  }).once("error", () => (failed += 1));
}, 10);
process.stdin.once("data", () => {
  clearInterval(timer);
  process.stdout.write(JSON.stringify({ waits, failed }), () => process.exit(0));
});
