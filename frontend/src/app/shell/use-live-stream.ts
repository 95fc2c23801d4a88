import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useSession } from "@/features/auth/api/session";
import { useSources } from "@/features/markets/api/get-sources";
import { openStream } from "@/lib/sse";

/** Keep the stream of news open for whoever may read: somebody logged in, or anybody where reading is open to all. */
export function useLiveStream(): void {
  const queries = useQueryClient();
  const session = useSession();
  const isOpenToAll = useSources().data !== undefined;
  const reader = session.data?.user?.username ?? (session.data && isOpenToAll ? "" : null);
  useEffect(() => (reader === null ? undefined : openStream(queries)), [queries, reader]);
}
