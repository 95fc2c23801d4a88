import { useEffect, useRef, useState, type RefObject } from "react";

const FALLBACK = 640;

/** The element's width in pixels, followed as it changes, so that a drawing fits without scaling its text. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(FALLBACK);
  useEffect(() => {
    const target = element.current;
    if (!target || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
