package kr.kisgateway.api.order;

/**
 * How the gateway chooses the price of an order. | 게이트웨이가 정하는 주문 가격.
 *
 * @param offset Whether the first price was at an offset from the last price. | 첫 가격이 현재가 대비 자동 가격이었는지 여부.
 * @param afterMs Milliseconds that it rests at a price. | 한 가격에서 기다리는 시간(ms).
 * @param max How often it gets another price. | 최대 정정 횟수.
 * @param done How often it got another price. | 정정한 횟수.
 */
public record Repricing(boolean offset, long afterMs, int max, int done) {}
