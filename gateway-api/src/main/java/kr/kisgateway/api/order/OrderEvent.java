package kr.kisgateway.api.order;

import java.time.OffsetDateTime;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An entry of an order's journal. | 주문 저널의 항목.
 *
 * @param seq Journal cursor of the entry. | 저널 이어받기 위치.
 * @param at Time of the entry. | 기록 시각.
 * @param type Kind of event, such as {@code Accepted}, {@code BrokerAccepted} or {@code Filled}. | 이벤트 종류. 예:
 *     Accepted, BrokerAccepted, Filled.
 * @param by Name of the API key whose call caused the event; null when no call did. | 이벤트를 일으킨 호출의 API 키 이름. 호출에 의한
 *     것이 아니면 null.
 * @param data Facts of the event; the fields depend on {@code type}. | 이벤트 내용. 필드는 type 에 따라 다릅니다.
 */
public record OrderEvent(long seq, OffsetDateTime at, String type, Optional<String> by, JsonNode data) {}
