import clsx from "clsx";

interface ProductTileProps {
  setCode: string;
  category: string;
  size?: "small" | "large";
}

const HUES: Record<string, string> = {
  mtg: "bg-[#efe6d8] text-[#6b4310] dark:bg-[#33250f] dark:text-[#f0c98c]",
  pokemon: "bg-[#fdecc4] text-[#6e4b00] dark:bg-[#352a08] dark:text-[#f7d774]",
  yugioh: "bg-[#e8e2fb] text-[#4a2fa3] dark:bg-[#241c45] dark:text-[#c3b3ff]",
};

/** A small tile with the set's code: recognisable without loading a picture from elsewhere. */
export function ProductTile({ setCode, category, size = "small" }: ProductTileProps) {
  return (
    <span
      aria-hidden
      className={clsx(
        "grid shrink-0 place-items-center rounded-lg font-semibold uppercase",
        size === "large" ? "size-14 text-sm" : setCode.length > 3 ? "size-8 text-[0.5rem]" : "size-8 text-[0.625rem]",
        HUES[category] ?? "bg-sunken text-muted",
      )}
    >
      {(setCode || category).slice(0, 4)}
    </span>
  );
}
