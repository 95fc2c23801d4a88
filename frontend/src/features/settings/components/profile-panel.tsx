import { useState } from "react";

import type { Profile, SessionUser } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ChoiceField, InputField } from "@/components/ui/field";
import { Fact, Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { useNow } from "@/lib/clock";
import { DENSITIES, setDensity, useDensity } from "@/lib/density";
import { humanise } from "@/lib/format";
import { setTheme, THEME_CHOICES, useTheme } from "@/lib/theme";
import { formatUtc } from "@/lib/time";

const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "CAD", "AUD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK"];

function zonesOf(): readonly string[] {
  return ["UTC", ...(typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [])];
}

function timeIn(zone: string, now: number): string | null {
  try {
    return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(now);
  } catch {
    return null;
  }
}

export type SaveProfile = (patch: Partial<Profile>) => Promise<unknown>;

function TimeZone({ user, onSave }: { user: SessionUser; onSave: SaveProfile }) {
  const [zone, setZone] = useState(user.time_zone);
  const now = useNow();
  const shown = timeIn(zone, now);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <form
      className="space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (shown && zone !== user.time_zone) onSave({ time_zone: zone }).catch(() => undefined); // the message is shown by the page
      }}
    >
      <div className="flex items-start gap-2">
        <InputField
          label="Time zone"
          className="flex-1"
          value={zone}
          list="time-zones"
          autoComplete="off"
          onChange={setZone}
          error={shown ? undefined : "There is no such time zone. Choose one of the list, such as Europe/Berlin."}
          hint={shown && <span title={formatUtc(new Date(now).toISOString())}>Now {shown}{zone !== "UTC" && `, ${formatUtc(new Date(now).toISOString()).slice(11, 16)} UTC`}. Tooltips always have UTC too.</span>}
        />
        <Button type="submit" className="mt-5" disabled={!shown || zone === user.time_zone}>Save</Button>
      </div>
      <datalist id="time-zones">{zonesOf().map((name) => <option key={name} value={name} />)}</datalist>
      {here !== zone && (
        <button type="button" className="min-h-8 text-xs text-accent underline" onClick={() => setZone(here)}>Use this device&rsquo;s, {here}</button>
      )}
    </form>
  );
}

/** Who one is, and how the dashboard looks to them. */
export function ProfilePanel({ user, onSave }: { user: SessionUser; onSave: SaveProfile }) {
  const { choice } = useTheme();
  const density = useDensity();
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Section title="Account">
        <dl>
          <Fact label="User name">{user.username}</Fact>
          <Fact label="Role">{humanise(user.role)}</Fact>
          <Fact label="Email">{user.email || <span className="text-muted">none</span>}</Fact>
        </dl>
        <p className="mt-2 text-2xs text-muted">An administrator changes these.</p>
      </Section>
      <Section title="Region">
        <div className="space-y-4">
          <TimeZone key={user.time_zone} user={user} onSave={onSave} />
          <ChoiceField
            label="Own currency"
            value={user.currency ?? ""}
            options={[{ value: "", label: "As on the market" }, ...CURRENCIES.map((code) => ({ value: code, label: code }))]}
            onChange={(currency) => onSave({ currency }).catch(() => undefined)}
            hint="Amounts are also shown in it where an exchange rate is known."
          />
        </div>
      </Section>
      <Section title="Look" note="Saved with your account, so other browsers follow." className="lg:col-span-2">
        <div className="flex flex-wrap gap-x-10 gap-y-4">
          <div>
            <p aria-hidden className="mb-1 text-xs text-muted">Theme</p>
            <Segmented label="Theme" value={choice} options={THEME_CHOICES.map((value) => ({ value, label: humanise(value) }))} onChange={setTheme} />
          </div>
          <div>
            <p aria-hidden className="mb-1 text-xs text-muted">Row height</p>
            <Segmented label="Row height" value={density} options={DENSITIES.map((value) => ({ value, label: humanise(value) }))} onChange={setDensity} />
          </div>
        </div>
      </Section>
    </div>
  );
}
