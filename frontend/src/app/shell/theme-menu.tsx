import { ComputerDesktopIcon, MoonIcon, SunIcon } from "@heroicons/react/20/solid";

import { humanise } from "@/lib/format";
import { setTheme, THEME_CHOICES, useTheme } from "@/lib/theme";

import { DropItem, DropMenu } from "./menu";

const ICONS = { system: ComputerDesktopIcon, light: SunIcon, dark: MoonIcon } as const;

export function ThemeMenu() {
  const { choice, isDark } = useTheme();
  const Current = isDark ? MoonIcon : SunIcon;
  return (
    <DropMenu label={`Theme: ${choice}`} button={<Current aria-hidden className="size-5" />}>
      {THEME_CHOICES.map((option) => {
        const Icon = ICONS[option];
        return (
          <DropItem key={option} isChosen={option === choice} onSelect={() => setTheme(option)}>
            <Icon aria-hidden className="size-4" />
            {humanise(option)}
          </DropItem>
        );
      })}
    </DropMenu>
  );
}
