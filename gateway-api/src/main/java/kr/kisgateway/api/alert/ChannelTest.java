package kr.kisgateway.api.alert;

import java.util.Optional;

/**
 * What became of a test message. | 시험 메시지의 결과.
 *
 * @param channel Name of the channel. | 채널 이름.
 * @param type Type of the channel, as {@code slack}. | 채널 종류. 예: {@code slack}.
 * @param delivered Whether the receiver took it. | 받는 쪽이 접수했는지 여부.
 * @param reason Why not; null when it was delivered. | 실패 이유. 전송되었으면 null.
 */
public record ChannelTest(String channel, String type, boolean delivered, Optional<String> reason) {}
