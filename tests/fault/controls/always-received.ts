import { Problem } from "@sworn/contract";
import { serveBroken } from "./serve-broken.ts";

// BROKEN: a fragment that comes out of order is answered `received` although it was put aside for nobody.
await serveBroken({
  routes: (routes) =>
    routes.map((route) =>
      route.method !== "PUT" || !/\/fragments\/:[a-z]+$/i.test(route.path)
        ? route
        : {
            ...route,
            async handle(context) {
              try {
                return await route.handle(context);
              } catch (error) {
                if (!(error instanceof Problem) || error.code !== "fragment-gap") throw error;
                const { n } = context.params as { n: number };
                return { status: 201, body: { state: "received", n, sha256: "0".repeat(64) } };
              }
            },
          },
    ),
});
