/** With real money the word is typed once for as long as the page is open. */
class LiveWord {
  typed = $state('');
  readonly isRight = $derived(this.typed === 'LIVE');
}

export const liveWord = new LiveWord();
