/** Whether orders are on paper, stopped, and under which conditions one acts. */
export interface TradingStatus {
  mode: "paper" | "live";
  is_halted: boolean;
  switches: { id: string; scope: string; subject: string; reason: string; engaged_by?: string | null; engaged_at?: string }[];
  disclaimer: { version: string; text: string };
}
