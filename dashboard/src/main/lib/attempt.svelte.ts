import { reasonOf } from './api';

/** Something that a person asked for: whether it is under way, and why it failed. */
export class Attempt {
  busy = $state(false);
  trouble = $state<string | undefined>();

  /** Does `work`, unless the one before is still under way. Returns whether it succeeded. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = undefined;
    try {
      await work();
      return true;
    } catch (failure) {
      this.trouble = reasonOf(failure);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
