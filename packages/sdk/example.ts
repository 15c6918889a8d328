import { Sworn, SwornError } from "@sworn/sdk";

const sworn = new Sworn({ url: process.env["SWORN_URL"] ?? "", token: process.env["SWORN_TOKEN"] ?? "" });

try {
  // Under a key of your own, a program that starts anew asks for the same thing once.
  const incident = await sworn.under("incident-26-0815").incidents.create({ number: "26-0815", kind: "Traffic stop" });
  console.log(`${incident.number} is kept as ${incident.id}`);
} catch (error) {
  if (!(error instanceof SwornError && error.code === "name-taken")) throw error;
  console.log("26-0815 was there before");
}

for await (const { number, place } of sworn.incidents.all({ limit: 100 })) console.log(number, place);
