import { useQuery } from "@tanstack/react-query";

import type { Job } from "@/api/types";

import { jobsOptions } from "./list-jobs";

/** What holds up a queued run: the newest one at work; asked for only while somebody waits. */
export function useRunningJob(isWaiting: boolean): Job | undefined {
  const { data } = useQuery({ ...jobsOptions({ state: ["running"], page_size: 1 }), enabled: isWaiting });
  return isWaiting ? data?.results[0] : undefined;
}
