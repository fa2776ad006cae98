package kr.kisgateway.client;

import java.net.URI;

/** KIS's two environments: they differ in TR ids, limits and codes. */
public enum Environment {
    /** The live environment (실전), TR ids beginning with T: KIS itself, or a simulator with the same protocol. */
    LIVE_FACE("https://openapi.koreainvestment.com:9443", "ws://ops.koreainvestment.com:21000"),
    /** The paper environment (모의): other hosts, TR ids beginning with V, lower limits, and fewer calls. */
    PAPER_FACE("https://openapivts.koreainvestment.com:29443", "ws://ops.koreainvestment.com:31000");

    private final URI restBase;
    private final URI wsBase;

    Environment(String restBase, String wsBase) {
        this.restBase = URI.create(restBase);
        this.wsBase = URI.create(wsBase);
    }

    /** The address of KIS's REST calls. */
    public URI restBase() {
        return restBase;
    }

    /** The address of KIS's WebSocket; it does not support TLS. */
    public URI wsBase() {
        return wsBase;
    }
}
