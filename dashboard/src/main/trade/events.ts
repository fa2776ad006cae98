import type { Schemas } from '../lib/api';
import { count, currencyOf, money } from '../lib/format';
import { preferences } from '../lib/preferences.svelte';

type Facts = Record<string, string | number | boolean | null | undefined>;

/** The sentences of an order's journal: Korean, English. */
type Sentence = (facts: Facts, symbol: string) => readonly [string, string];

/** The journal counts in units of the currency: whole won, ten-thousandths of a dollar. */
const UNITS = { KRW: 1, USD: 10_000 } as const;

function amount(value: Facts[string], symbol: string): string {
  const currency = currencyOf(symbol);
  return `${money(typeof value === 'number' ? value / UNITS[currency] : null, currency)} ${currency}`;
}

const shares = (value: Facts[string]) => count(typeof value === 'number' ? value : null);
const reply = (facts: Facts) => `${facts.code ?? ''} ${facts.message ?? ''}`.trim();

const SENTENCES: Record<string, Sentence> = {
  Accepted: () => ['주문을 접수하고 저널에 기록했습니다.', 'Accepted, and durable in the journal.'],
  Adopted: (f) => [`다른 프로그램의 주문을 넘겨받았습니다 (번호 ${f.odno}).`, `Taken over: another program placed it (number ${f.odno}).`],
  SendStarted: (f) => [`KIS로 보냅니다 (시도 ${f.attempt}).`, `The call budget allows it: sent to KIS (attempt ${f.attempt}).`],
  SendAbandoned: (f) => [`보내지 않았습니다: ${f.reason}`, `Not sent: ${f.reason}`],
  SendNotTaken: (f) => [`KIS가 받지 않았습니다: ${reply(f)}`, `KIS did not take it: ${reply(f)}`],
  SendInDoubt: (f) => [`KIS에 도착했는지 알 수 없습니다: ${reply(f)}`, `It is not known whether KIS has it: ${reply(f)}`],
  BrokerAccepted: (f) => [`KIS가 접수했습니다 (번호 ${f.odno}, ${f.matched_by}).`, `KIS accepted it (number ${f.odno}, by ${f.matched_by}).`],
  BrokerRefused: (f) => [`KIS가 거부했습니다: ${reply(f)}`, `KIS refused it: ${reply(f)}`],
  LateAcceptance: (f) => [`끝난 뒤에 KIS의 접수가 확인되었습니다 (번호 ${f.odno}).`, `KIS had accepted it after all (number ${f.odno}).`],
  ModifiedOutside: (f, s) => [`다른 곳에서 정정되었습니다: ${shares(f.qty)}주 ${amount(f.price, s)}`, `Modified elsewhere: ${shares(f.qty)} shares at ${amount(f.price, s)}`],
  ModifyRequested: (f, s) => [`정정 요청: ${shares(f.qty)}주 ${amount(f.price, s)}`, `Modification requested: ${shares(f.qty)} shares at ${amount(f.price, s)}`],
  ReplaceRequested: (f) => [`취소 후 새 주문으로 바꿉니다 (${f.successor}).`, `To be replaced by ${f.successor}.`],
  ReplaceEnded: (f) => [`대체 주문: ${f.outcome} ${f.reason}`, `Replacement: ${f.outcome} ${f.reason}`],
  Reduced: (f) => [`수량을 ${shares(f.qty)}주 줄였습니다.`, `Reduced by ${shares(f.qty)} shares.`],
  Filled: (f, s) => [
    `${shares(f.qty)}주 체결, ${amount(f.value, s)} (${f.source}).`,
    `${shares(f.qty)} shares filled for ${amount(f.value, s)} (${f.source}).`,
  ],
  CancelRequested: (f) => [`취소 요청${f.by ? ` (${f.by})` : ''}.`, `Cancel requested${f.by ? ` (${f.by})` : ''}.`],
  Canceled: (f) => [`${shares(f.qty)}주 취소: ${f.reason}`, `${shares(f.qty)} shares canceled: ${f.reason}`],
  Expired: (f) => [`만료: ${f.reason}`, `Expired: ${f.reason}`],
  Rejected: (f) => [`거부: ${reply(f)}`, `Rejected: ${reply(f)}`],
  Unresolved: (f) => [
    `주문 목록으로 판단하지 못했습니다: 후보 ${f.candidates}건, ${f.reason}`,
    `The order list did not decide it: ${f.candidates} candidates, ${f.reason}`,
  ],
  Resolved: (f) => [`결정: ${f.decision} ${f.note ?? ''}`, `Decided: ${f.decision} ${f.note ?? ''}`],
  FoundResting: (f) => [`주문 목록에 ${shares(f.rested_ms)} ms 동안 있었습니다.`, `In the order list, where it had rested for ${shares(f.rested_ms)} ms.`],
  Corrected: (f) => [
    `주문 목록에 맞춰 ${f.internal_status}에서 ${f.corrected_status}로 고쳤습니다.`,
    `Corrected by the order list from ${f.internal_status} to ${f.corrected_status}.`,
  ],
};

/** An event in words; its type where this page does not know it. */
export function sentenceOf(event: Schemas['OrderEvent'], symbol: string): string {
  const sentence = SENTENCES[event.type]?.(event.data as Facts, symbol);
  return sentence === undefined ? event.type : sentence[preferences.language === 'ko' ? 0 : 1];
}
