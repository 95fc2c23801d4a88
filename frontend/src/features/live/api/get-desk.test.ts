import { expect, it } from "vitest";

import { healthOptions } from "./get-desk";

it("asks for the heartbeats more often than a process may be silent, whether or not the stream is open", () => {
  expect(healthOptions().refetchInterval).toBeLessThanOrEqual(10_000);
});
