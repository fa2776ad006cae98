package kr.kisgateway.api.aegis;

import kr.kisgateway.api.order.PlaceAnswer;
import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of an order under an AEGIS-compatible name. | AEGIS 호환 호출로 낸 주문의 접수 결과.
 *
 * @param rspCd Always 1. | 항상 1.
 * @param rspMsg OK. | 정상.
 * @param data The acceptance as {@code POST /v1/orders} answers it. | {@code POST /v1/orders} 와 같은 접수 결과.
 */
public record AegisOrderAnswer(@OneOf("1") String rspCd, String rspMsg, PlaceAnswer data) implements AegisAnswer {}
