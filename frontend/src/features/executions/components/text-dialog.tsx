import { useState, type FormEvent } from "react";

import { messageOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/field";
import { Sheet } from "@/components/ui/sheet";

interface TextDialogProps {
  title: string;
  text?: string;
  label: string;
  action: string;
  initial: string;
  isRequired?: boolean;
  onSave: (text: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for one text. */
export default function TextDialog({ title, text, label, action, initial, isRequired = false, onSave, onClose }: TextDialogProps) {
  const [value, setValue] = useState(initial);
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      await onSave(value.trim());
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Sheet title={title} isOpen onClose={onClose}>
      <form className="space-y-3" onSubmit={(event) => void submit(event)}>
        {text && <p className="text-[0.8125rem]">{text}</p>}
        <label className="block">
          <span className="mb-1 block text-xs text-muted">{label}</span>
          <textarea className="field h-auto min-h-20 w-full py-2" autoFocus maxLength={isRequired ? 200 : 500} value={value} onChange={(event) => setValue(event.target.value)} />
        </label>
        <FormError>{failure}</FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button look="solid" type="submit" disabled={isBusy || (isRequired && value.trim() === "")}>{action}</Button>
        </div>
      </form>
    </Sheet>
  );
}
