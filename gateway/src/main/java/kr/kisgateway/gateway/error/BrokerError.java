package kr.kisgateway.gateway.error;

/**
 * What KIS itself answered, kept beside what we say.
 *
 * @param rtCd {@code rt_cd}
 * @param msgCd {@code msg_cd}
 * @param msg1 {@code msg1}, trimmed
 */
public record BrokerError(String rtCd, String msgCd, String msg1) {}
