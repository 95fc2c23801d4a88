// The parts of an opportunity's page; the address remembers which one is open.

export const OPPORTUNITY_TABS = [
  { value: "why", label: "Why" },
  { value: "contents", label: "Legs & contents" },
  { value: "calculator", label: "Calculator" },
  { value: "prices", label: "Prices" },
  { value: "simulation", label: "Simulation" },
  { value: "timeline", label: "Timeline" },
] as const;

export type OpportunityTab = (typeof OPPORTUNITY_TABS)[number]["value"];

/** The tab that an address names; the first one when it names none. */
export function tabOf(text: string | undefined): OpportunityTab {
  return OPPORTUNITY_TABS.find((tab) => tab.value === text)?.value ?? "why";
}
