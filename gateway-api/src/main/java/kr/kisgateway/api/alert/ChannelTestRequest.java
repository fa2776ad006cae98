package kr.kisgateway.api.alert;

/**
 * A channel that a test message is sent to. | 시험 메시지를 보낼 채널.
 *
 * @param channel Name of the channel in {@code alerts.yaml}. | {@code alerts.yaml}의 채널 이름.
 */
public record ChannelTestRequest(String channel) {}
