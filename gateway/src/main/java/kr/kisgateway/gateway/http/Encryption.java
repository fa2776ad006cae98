package kr.kisgateway.gateway.http;

import javax.net.ssl.SSLContext;

/**
 * How a listener encrypts.
 *
 * @param context has the certificate
 * @param callersNeedCertificate whether a caller without a certificate of an accepted authority gets no connection
 */
public record Encryption(SSLContext context, boolean callersNeedCertificate) {}
