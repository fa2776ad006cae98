/** Where the page is: `#orders/ord_…` is the page `orders` with the rest `ord_…`. */
class Route {
  /** The document has a second address, which begins with the API. */
  private hash = $state(location.hash.slice(1) || (location.pathname === '/docs' ? 'api' : ''));
  readonly page = $derived(this.hash.split('/', 1)[0] ?? '');
  readonly rest = $derived(decodeURIComponent(this.hash.slice(this.page.length + 1)));

  constructor() {
    addEventListener('hashchange', () => (this.hash = location.hash.slice(1)));
  }

  go(page: string, rest = ''): void {
    location.hash = rest === '' ? page : `${page}/${encodeURIComponent(rest)}`;
  }
}

export const route = new Route();
