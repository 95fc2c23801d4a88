import { client, unwrap, withTimeout } from "@/api/client";
import type { Job } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

/** Ask for a run of one source. */
export async function syncSource(code: string): Promise<Job> {
  const params = { path: { code }, header: { "Idempotency-Key": newRequestKey() } };
  return (await unwrap(client.POST("/api/v1/sources/{code}/sync/", { params, signal: withTimeout() }))).job as Job;
}

/** Ask for a run of every source that is ready. */
export async function syncAll(): Promise<Job> {
  const params = { header: { "Idempotency-Key": newRequestKey() } };
  return (await unwrap(client.POST("/api/v1/sync/", { params, signal: withTimeout() }))).job as Job;
}
