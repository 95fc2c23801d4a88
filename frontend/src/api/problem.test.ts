import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { problem, visitor } from "@/testing/handlers";
import { server } from "@/testing/server";

import { client, unwrap } from "./client";
import { needsLogin, ProblemError } from "./problem";

const SESSION = "http://localhost/api/v1/session/";
const read = () => unwrap(client.GET("/api/v1/session/"));

async function failure(): Promise<ProblemError> {
  const error: unknown = await read().catch((reason: unknown) => reason);
  if (!(error instanceof ProblemError)) throw new Error("expected a ProblemError", { cause: error });
  return error;
}

it("reads problem+json", async () => {
  server.use(http.get(SESSION, () => problem(400, { code: "unknown_parameter", errors: [{ pointer: "#/x", detail: "not known" }, "odd"] })));

  const error = await failure();

  expect(error).toMatchObject({ status: 400, code: "unknown_parameter", requestId: "req-123", isRetryable: false });
  expect(error.errors).toEqual([{ pointer: "#/x", detail: "not known" }]);
});

it("understands a failure that is no problem document", async () => {
  server.use(http.get(SESSION, () => new HttpResponse("<html>bad gateway</html>", { status: 502, headers: { "X-Request-ID": "edge-9" } })));

  expect(await failure()).toMatchObject({ status: 502, code: "http_502", title: "The server failed", requestId: "edge-9", isRetryable: true });
});

it("calls a dead connection unreachable", async () => {
  server.use(http.get(SESSION, () => HttpResponse.error()));

  expect(await failure()).toMatchObject({ status: 0, code: "unreachable", isRetryable: true });
});

it("knows when somebody must log in", async () => {
  server.use(http.get(SESSION, () => problem(403, { code: "not_authenticated" })));

  expect(needsLogin(await failure())).toBe(true);
  expect(needsLogin(new Error("no"))).toBe(false);
});

it("sends the CSRF token with writes only", async () => {
  document.cookie = "csrftoken=secret-token";
  const tokens: (string | null)[] = [];
  server.use(
    http.all(SESSION, ({ request }) => {
      tokens.push(request.headers.get("X-CSRFToken"));
      return HttpResponse.json(visitor);
    }),
  );

  await read();
  await unwrap(client.POST("/api/v1/session/", { body: { username: "alice", password: "x" } }));

  expect(tokens).toEqual([null, "secret-token"]);
});
