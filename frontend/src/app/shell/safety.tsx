import SafetySheet from "@/features/system/components/safety-sheet";
import { useSession } from "@/features/auth/api/session";
import { mayActAs } from "@/lib/roles";

/** Kill switches and limits, with what this person may do about them. */
export default function Safety({ onClose }: { onClose: () => void }) {
  const { data } = useSession();
  if (!data?.user) return null;
  return <SafetySheet username={data.user.username} mayHalt={mayActAs("trader", data)} mayRelease={mayActAs("operator", data)} onClose={onClose} />;
}
