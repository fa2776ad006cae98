package kr.kisgateway.api.kis;

import java.util.Map;
import java.util.Optional;

/**
 * KIS's answer, with the account and the owner's data masked. | KIS 응답 (계좌번호와 개인정보는 가림).
 *
 * @param name Name of the API. | API 이름.
 * @param trId TR id that was called. | 호출한 TR ID.
 * @param body As KIS answers it; {@code rt_cd} other than 0 is KIS's refusal, with its reason in {@code msg1}. | KIS 응답 본문.
 *     rt_cd 가 0 이 아니면 KIS 의 거부이며 msg1 에 사유가 있습니다.
 * @param next What to send as {@code next} for the following page; null when there is none. | 다음 페이지 조회에 쓸 값. 없으면 null.
 */
public record KisApiAnswer(String name, String trId, Map<String, Object> body, Optional<Map<String, String>> next) {}
