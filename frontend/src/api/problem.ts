// What went wrong with a request, in the terms of RFC 9457, whatever the server or the network answered.

export interface FieldProblem {
  pointer?: string;
  code?: string;
  detail: string;
}

interface ProblemFacts {
  status: number;
  code: string;
  title: string;
  detail: string;
  requestId: string | null;
  errors: FieldProblem[];
  /** Figures that explain the refusal, in the shape of the endpoint. */
  details?: unknown;
}

/** An answer that is no success. `status` 0 means that no answer arrived. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly errors: FieldProblem[];
  readonly details: unknown;

  constructor(facts: ProblemFacts) {
    super(facts.detail || facts.title);
    this.name = "ProblemError";
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.detail = facts.detail;
    this.requestId = facts.requestId;
    this.errors = facts.errors;
    this.details = facts.details ?? null;
  }

  /** Whether asking again unchanged can help. */
  get isRetryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const TITLES: Record<number, string> = {
  0: "The server cannot be reached",
  401: "You need to log in",
  403: "Your role does not allow this",
  404: "Not found",
  429: "Too many requests",
};

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function asErrors(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is FieldProblem => typeof item === "object" && item !== null && "detail" in item);
}

/** Read an error body of any shape. */
export function problemFrom(response: Response, body: unknown): ProblemError {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const fallback = TITLES[response.status] ?? (response.status >= 500 ? "The server failed" : "The request was refused");
  return new ProblemError({
    status: response.status,
    code: asText(fields["code"]) || `http_${response.status}`,
    title: asText(fields["title"]) || fallback,
    detail: asText(fields["detail"]),
    requestId: asText(fields["request_id"]) || response.headers.get("X-Request-ID"),
    errors: asErrors(fields["errors"]),
    details: fields["details"],
  });
}

/** The connection itself failed, or took too long. */
export function unreachable(cause: unknown): ProblemError {
  const timedOut = cause instanceof DOMException && cause.name === "TimeoutError";
  return new ProblemError({
    status: 0,
    code: timedOut ? "timeout" : "unreachable",
    title: timedOut ? "The server took too long to answer" : "The server cannot be reached",
    detail: "Check the connection; the page tries again by itself.",
    requestId: null,
    errors: [],
  });
}

/** Whether the error says that somebody must log in first. */
export function needsLogin(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 401 || error.code === "not_authenticated");
}

/** One sentence about a failure, for a message. */
export function messageOf(error: unknown): string {
  if (error instanceof ProblemError) return error.detail || error.errors[0]?.detail || error.title;
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** What is wrong with each field of a form, by the field's name; the last part of the pointer names it. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries(
    error.errors.flatMap(({ pointer, detail }) => {
      const name = pointer?.split("/").filter((part) => part !== "" && part !== "#")[0];
      return name ? [[name, detail]] : [];
    }),
  );
}
