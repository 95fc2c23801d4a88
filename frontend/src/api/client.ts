// The one way to the API: typed by the OpenAPI document, same origin, session cookie, CSRF token, a timeout, and
// every failure as a ProblemError.

import createClient, { type Middleware } from "openapi-fetch";

import { ProblemError, problemFrom, unreachable } from "./problem";
import type { paths } from "./schema.gen";

const TIMEOUT_MS = 20_000;
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

function csrfToken(): string | undefined {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

const csrf: Middleware = {
  onRequest({ request }) {
    const token = csrfToken();
    if (!SAFE_METHODS.has(request.method) && token) request.headers.set("X-CSRFToken", token);
    return request;
  },
};

export const client = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  querySerializer: { array: { style: "form", explode: false } }, // lists travel as comma lists
  headers: { Accept: "application/json" },
  fetch: (request) => globalThis.fetch(request),
});
client.use(csrf);

/** The caller's cancellation joined with our time limit. */
export function withTimeout(signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

/** Await a call: its data, or a thrown ProblemError. Cancellation passes through untouched. */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer: Awaited<typeof call>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw cause instanceof ProblemError ? cause : unreachable(cause);
  }
  if (!answer.response.ok) throw problemFrom(answer.response, answer.error);
  return answer.data as T;
}
