import { Menu, MenuButton, MenuItem, MenuItems } from "@headlessui/react";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";

import { buttonClass } from "@/components/ui/button";

interface DropMenuProps {
  label: string;
  button: ReactNode;
  header?: ReactNode;
  children: ReactNode;
}

/** A button with a short menu under it. */
export function DropMenu({ label, button, header, children }: DropMenuProps) {
  return (
    <Menu>
      <MenuButton aria-label={label} title={label} className={buttonClass("ghost", true)}>{button}</MenuButton>
      <MenuItems anchor={{ to: "bottom end", gap: 6 }} className="z-40 min-w-44 rounded-xl border bg-raised p-1.5 text-[0.8125rem] shadow-xl focus:outline-none">
        {header && <div className="border-b px-2.5 pt-1 pb-2 mb-1.5">{header}</div>}
        {children}
      </MenuItems>
    </Menu>
  );
}

interface DropItemProps {
  /** A page of the dashboard. */
  to?: "/settings" | "/help";
  /** An address outside it. */
  href?: string;
  isChosen?: boolean;
  onSelect?: () => void;
  children: ReactNode;
}

/** One entry: a link when it has an address, a button otherwise. */
export function DropItem({ to, href, isChosen = false, onSelect, children }: DropItemProps) {
  const look = clsx(
    "flex h-11 w-full items-center gap-2.5 rounded-md px-2.5 text-left data-focus:bg-sunken sm:h-8",
    isChosen && "font-semibold text-accent",
  );
  if (to) return <MenuItem><Link to={to} className={look}>{children}</Link></MenuItem>;
  return (
    <MenuItem>
      {href ? <a href={href} className={look}>{children}</a> : <button type="button" className={look} onClick={onSelect}>{children}</button>}
    </MenuItem>
  );
}
