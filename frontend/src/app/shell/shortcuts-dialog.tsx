import { ShortcutList } from "@/components/ui/shortcut-list";
import { Sheet } from "@/components/ui/sheet";

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return <Sheet title="Keyboard shortcuts" isOpen onClose={onClose}><ShortcutList /></Sheet>;
}
