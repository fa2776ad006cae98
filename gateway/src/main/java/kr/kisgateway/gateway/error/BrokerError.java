package kr.kisgateway.gateway.error;

/**
 * KIS's own error, beside the gateway's.
 *
 * @param rtCd {@code rt_cd}
 * @param msgCd {@code msg_cd}
 * @param msg1 {@code msg1}, trimmed
 */
public record BrokerError(String rtCd, String msgCd, String msg1) {}
