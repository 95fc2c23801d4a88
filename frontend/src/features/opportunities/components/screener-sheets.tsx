import type { ReactNode } from "react";

import type { Opportunity } from "@/api/types";
import { Sheet } from "@/components/ui/sheet";

import type { Acting } from "../hooks/acting";
import { InspectorActions, InspectorBody } from "./inspector";

interface ScreenerSheetsProps {
  filters: ReactNode;
  areFiltersOpen: boolean;
  onFiltersClose: () => void;
  inspected: Opportunity | undefined;
  acting: Acting;
  onExecute: (opportunity: Opportunity) => void;
  onInspectorClose: () => void;
}

/** On narrow screens the filters and the inspector are sheets over the list instead of columns beside it. */
export function ScreenerSheets({ filters, areFiltersOpen, onFiltersClose, inspected, acting, onExecute, onInspectorClose }: ScreenerSheetsProps) {
  return (
    <>
      <Sheet title="Filters" side="bottom" isOpen={areFiltersOpen} onClose={onFiltersClose}>{filters}</Sheet>
      <Sheet
        title={inspected?.sealed_product.name ?? ""}
        side="right"
        isOpen={inspected !== undefined}
        onClose={onInspectorClose}
        footer={inspected && <InspectorActions opportunity={inspected} acting={acting} onExecute={onExecute} />}
      >
        {inspected && <InspectorBody opportunity={inspected} />}
      </Sheet>
    </>
  );
}
