package kr.kisgateway.api.aegis;

import kr.kisgateway.api.error.ApiError;

/**
 * Refusal of a call under an AEGIS-compatible name. | AEGIS 호환 호출의 거부 응답.
 *
 * @param rspCd 2 order failed, 8 no connection to KIS, 9 in progress or delayed, 901 no order of a batch accepted (v3.1
 *     only), otherwise the HTTP status. | 2 주문 실패, 8 KIS 접속 오류, 9 처리 중 또는 지연, 901 일괄 주문 전체 실패(v3.1 전용), 그 밖에는
 *     HTTP 상태 코드.
 * @param rspMsg What the code means, the gateway's error code, and what to do. | 코드의 뜻, 게이트웨이 오류 코드, 조치 방법.
 * @param data The refusal as {@code /v1} answers it. | {@code /v1} 과 같은 형식의 거부 내용.
 */
public record AegisRefusal(String rspCd, String rspMsg, ApiError data) implements AegisAnswer {}
