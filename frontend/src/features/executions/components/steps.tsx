import { CheckIcon, XMarkIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";

import { Moment } from "@/components/ui/freshness";

import type { Execution } from "../api/shapes";
import { stepsOf, type Step } from "../hooks/execution-state";

const DOTS: Record<Step["state"], string> = {
  done: "border-gain-strong bg-gain-soft text-gain",
  now: "border-accent bg-accent-soft text-accent",
  ahead: "border-line-strong text-muted",
  failed: "border-loss-strong bg-loss-soft text-loss",
};
const WORDS: Record<Step["state"], string> = { done: "done", now: "under way", ahead: "still ahead", failed: "ended here" };

function Dot({ step }: { step: Step }) {
  return (
    <span aria-hidden className={clsx("grid size-6 shrink-0 place-items-center rounded-full border-2", DOTS[step.state])}>
      {step.state === "done" && <CheckIcon className="size-3.5" />}
      {step.state === "failed" && <XMarkIcon className="size-3.5" />}
      {step.state === "now" && <span className="size-2 animate-pulse rounded-full bg-accent-solid" />}
    </span>
  );
}

/** The way an execution goes, and how far it has come. */
export function Steps({ execution }: { execution: Pick<Execution, "state" | "created_at" | "settles_at" | "settled_at"> }) {
  const steps = stepsOf(execution);
  return (
    <ol aria-label="Steps" className="flex items-center">
      {steps.map((step, index) => (
        <li key={step.name} aria-current={step.state === "now" ? "step" : undefined} className={clsx("flex items-center gap-2", index > 0 && "flex-1")}>
          {index > 0 && <span aria-hidden className={clsx("mx-2 h-0.5 min-w-3 flex-1 rounded", step.state === "ahead" ? "bg-line" : "bg-line-strong")} />}
          <Dot step={step} />
          <span className="text-xs leading-4">
            <span className={clsx("block font-semibold", step.state === "ahead" && "text-muted")}>
              {step.name}
              <span className="sr-only">, {WORDS[step.state]}</span>
            </span>
            {step.at && <Moment at={step.at} className="text-2xs text-muted" />}
          </span>
        </li>
      ))}
    </ol>
  );
}
