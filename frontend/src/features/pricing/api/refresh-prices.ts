import { client, unwrap, withTimeout } from "@/api/client";
import type { Job } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

/** Ask every source that knows the product for its price now. */
export async function refreshPrices(productId: string): Promise<Job> {
  const params = { path: { product_id: productId }, header: { "Idempotency-Key": newRequestKey() } };
  return (await unwrap(client.POST("/api/v1/products/{product_id}/refresh-price/", { params, signal: withTimeout() }))).job as Job;
}
