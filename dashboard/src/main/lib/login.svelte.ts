import { onUnauthenticated, request, type Schemas } from './api';

export type Role = Schemas['Login']['role'];

const RANKS: Record<Role, number> = { quote: 0, trade: 1, operator: 2, admin: 3 };

/** Who uses the page. The gateway refuses what a role may not do; the page does not offer it. */
class Login {
  /** Unknown until the gateway has answered. */
  me = $state.raw<Schemas['Login'] | undefined>();
  /** Whether calls are refused until there is a login. */
  needed = $state(false);

  constructor() {
    onUnauthenticated(() => (this.needed = true));
  }

  allows(role: Role): boolean {
    return this.me !== undefined && RANKS[this.me.role] >= RANKS[role];
  }

  /** Asks the gateway who calls; rejects when it does not answer or needs a login. */
  async read(): Promise<void> {
    this.accept(await request<Schemas['Login']>('GET', '/v1/login'));
  }

  async logIn(key: string): Promise<void> {
    this.accept(await request<Schemas['Login']>('POST', '/v1/login', { headers: { Authorization: `Bearer ${key}` } }));
  }

  async logOut(everywhere: boolean): Promise<void> {
    await request('POST', '/v1/logout', { body: { everywhere } });
  }

  private accept(me: Schemas['Login']): void {
    this.me = me;
    this.needed = false;
  }
}

export const login = new Login();
