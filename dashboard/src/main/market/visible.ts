type Watcher = (visible: boolean) => void;

const watchers = new WeakMap<Element, Watcher>();
const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) watchers.get(entry.target)?.(entry.isIntersecting);
  },
  { rootMargin: '100px' },
);

/** An attachment that says when an element comes into view, and when it leaves it. */
export function whileVisible(watcher: Watcher): (element: Element) => () => void {
  return (element) => {
    watchers.set(element, watcher);
    observer.observe(element);
    return () => observer.unobserve(element);
  };
}
