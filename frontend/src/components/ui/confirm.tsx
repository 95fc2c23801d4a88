import { useState, type ReactNode } from "react";

import { messageOf } from "@/api/problem";

import { Button } from "./button";
import { FormError } from "./field";
import { Sheet } from "./sheet";

interface ConfirmProps {
  title: string;
  /** What happens, and what cannot be taken back. */
  children: ReactNode;
  /** The word on the button that does it, e.g. "Revoke". */
  action: string;
  /** Its promise keeps the dialog open while it works and shows why it failed. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  isDanger?: boolean;
  isReady?: boolean;
}

/** Ask once more before something that cannot be taken back. */
export function Confirm({ title, children, action, onConfirm, onClose, isDanger = true, isReady = true }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const confirm = async () => {
    setBusy(true);
    setFailure("");
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={title}
      isOpen
      onClose={onClose}
      footer={
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look={isDanger ? "danger" : "solid"} disabled={isBusy || !isReady} onClick={() => void confirm()}>{action}</Button>
        </div>
      }
    >
      <div className="space-y-3 text-[0.8125rem]">
        {children}
        <FormError>{failure}</FormError>
      </div>
    </Sheet>
  );
}
