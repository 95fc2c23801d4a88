import { createContext, use, useMemo, type ReactNode } from "react";

import type { Opportunity } from "@/api/types";
import { Skeleton } from "@/components/ui/states";
import { formatPercent, MISSING, toneOf } from "@/lib/format";

import type { Sparkline as Course } from "../api/shapes";
import { useSparklines } from "../api/sparklines";
import { percentChange } from "../hooks/exact";
import { Sparkline } from "./sparkline";

type Courses = ReadonlyMap<string, Course> | undefined;

const TrendContext = createContext<Courses>(undefined);

interface TrendsProps {
  rows: readonly Opportunity[];
  /** Whether anything will draw them. */
  enabled: boolean;
  children: ReactNode;
}

function keyOf(product: string, source: string): string {
  return `${product} ${source}`;
}

/** Reads the price courses of all rows in one call; the cells below draw them. */
export function Trends({ rows, enabled, children }: TrendsProps) {
  const query = useSparklines(enabled ? rows.map((row) => row.sealed_product.id) : []);
  const courses = useMemo((): Courses => {
    if (!enabled || query.isError) return new Map();
    if (!query.data) return undefined;
    const known = new Map(query.data.map((course) => [keyOf(course.product, course.source), course]));
    for (const course of query.data) if (!known.has(course.product)) known.set(course.product, course);
    return known;
  }, [enabled, query.data, query.isError]);
  return <TrendContext value={courses}>{children}</TrendContext>;
}

/** The first and last price of a course, as words. */
export function describeCourse(points: Course["points"]): string {
  const change = percentChange(points[0]?.price, points.at(-1)?.price);
  if (change === null) return "No change known";
  const tone = toneOf(change);
  return `${tone === "gain" ? "up" : tone === "loss" ? "down" : "unchanged"} ${formatPercent(change.replace("-", ""))} in 30 days`;
}

/** The course of what is bought, at the source where it is bought. */
export function TrendCell({ opportunity }: { opportunity: Opportunity }) {
  const courses = use(TrendContext);
  if (!courses) return <Skeleton className="h-5 w-16" />;
  const product = opportunity.sealed_product.id;
  const course = courses.get(keyOf(product, opportunity.buy_source)) ?? courses.get(product);
  if (!course || course.points.length < 2) return <span className="text-muted">{MISSING}</span>;
  return <Sparkline prices={course.points.map((point) => point.price)} label={`Price ${describeCourse(course.points)}`} />;
}
