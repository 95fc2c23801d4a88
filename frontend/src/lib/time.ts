// Ages and moments. Times arrive as ISO 8601 with Z; an age is always shown with its exact UTC moment at hand.

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type Freshness = "fresh" | "ageing" | "stale";

const FRESH_MS = 6 * HOUR_MS;
const AGEING_MS = DAY_MS;

/** Milliseconds from `iso` to `now`; negative when `iso` lies ahead; NaN when it is no time. */
export function ageMs(iso: string, now: number): number {
  return now - Date.parse(iso);
}

/** Prices are fresh for six hours and stale after a day: bulk guides appear once a day. */
export function freshnessOf(age: number): Freshness {
  if (age <= FRESH_MS) return "fresh";
  return age <= AGEING_MS ? "ageing" : "stale";
}

/** "now", "4 min", "3 h", "2 d": the largest unit that fits, without a sign. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "unknown";
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** "45 s", "4 min", "1 h 20 min": how long something takes. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "4:05" or "1:04:05": what is left of a countdown. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "3 h ago", "in 3 h", "just now". */
export function formatRelative(iso: string, now: number): string {
  const age = ageMs(iso, now);
  const text = formatDuration(age);
  if (text === "now") return "just now";
  if (text === "unknown") return text;
  return age >= 0 ? `${text} ago` : `in ${text}`;
}

/** "2026-11-21 05:09:37 UTC": exact, sortable, the same for everybody. */
export function formatUtc(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "unknown time";
  return `${moment.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

let timeZone: string | undefined;

/** The reader's own time zone (IANA name); undefined is the browser's. One that the browser lacks is ignored. */
export function setTimeZone(name: string | undefined): void {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    timeZone = name;
  } catch {
    timeZone = undefined;
  }
}

/** The same moment on the reader's clock, e.g. "21 Nov 2026, 06:09 CET". */
export function formatLocal(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "unknown time";
  return moment.toLocaleString("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short", timeZone,
  });
}

/** Both clocks, for tooltips: "2026-11-21 05:09:37 UTC, 21 Nov 2026, 06:09 CET here". */
export function formatBoth(iso: string): string {
  return `${formatUtc(iso)}, ${formatLocal(iso)} here`;
}

/** "28 Nov 2024". */
export function formatDate(iso: string | null | undefined): string {
  if (!iso) return "–";
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "–";
  return moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** The day after an ISO day: "2026-11-30" becomes "2026-12-01". */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}
