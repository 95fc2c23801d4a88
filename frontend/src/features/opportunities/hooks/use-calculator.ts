import { useEffect, useState } from "react";

import type { FeeProfile } from "@/api/types";

import { useSimulation } from "../api/simulate";
import type { AssumptionName } from "../api/shapes";
import { draftOfProfile, effectiveTexts, toRequest, type Draft } from "./calculator-fields";

const SETTLE_MS = 350;

/** A value that follows another once it has rested for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The calculator's form, and what the server makes of it a moment after the last key. */
export function useCalculator(id: string, fees: FeeProfile, enabled: boolean) {
  const [draft, setDraft] = useState<Draft>(() => draftOfProfile(fees));
  const request = toRequest(draft);
  const wanted = useSettled(JSON.stringify(request));
  const sent = (JSON.parse(wanted) as ReturnType<typeof toRequest>) ?? {};
  const query = useSimulation(id, sent, enabled && wanted !== "null");
  return {
    draft,
    request,
    query,
    /** The form says something that has not been calculated yet. */
    isBehind: JSON.stringify(request) !== wanted || query.isPlaceholderData,
    placeholders: effectiveTexts(query.data?.assumptions),
    isChanged: Object.values(draft).some(Boolean),
    set: (name: AssumptionName, text: string) => setDraft((before) => ({ ...before, [name]: text.trim().replace(",", ".") })),
    load: setDraft,
    clear: () => setDraft({}),
    useProfile: () => setDraft(draftOfProfile(fees)),
  };
}
