package kr.kisgateway.api.aegis;

import kr.kisgateway.api.order.BatchAnswer;
import kr.kisgateway.api.schema.OneOf;

/**
 * Result of a batch under an AEGIS-compatible name, of which at least one order was accepted. | AEGIS 호환 호출로 낸 일괄 주문 중 하나
 * 이상 접수된 결과.
 *
 * @param rspCd Always 1; {@code data.refused} has the orders that were not accepted. | 항상 1. 접수되지 않은 주문은 {@code
 *     data.refused} 참조.
 * @param rspMsg OK. | 정상.
 * @param data The result as {@code POST /v1/orders/batch} answers it. | {@code POST /v1/orders/batch} 와 같은 결과.
 */
public record AegisBatchAnswer(@OneOf("1") String rspCd, String rspMsg, BatchAnswer data) implements AegisAnswer {}
