package kr.kisgateway.client;

import java.net.URI;

/** Which of KIS's two faces answers: they differ in TR ids, limits and codes. */
public enum Environment {
    /** The live face (실전), TR ids beginning with T: KIS itself, or a simulator that speaks as it does. */
    LIVE_FACE("https://openapi.koreainvestment.com:9443", "ws://ops.koreainvestment.com:21000"),
    /** The paper face (모의): other hosts, TR ids beginning with V, lower limits, and calls that are missing. */
    PAPER_FACE("https://openapivts.koreainvestment.com:29443", "ws://ops.koreainvestment.com:31000");

    private final URI restBase;
    private final URI wsBase;

    Environment(String restBase, String wsBase) {
        this.restBase = URI.create(restBase);
        this.wsBase = URI.create(wsBase);
    }

    /** Where KIS answers its REST calls. */
    public URI restBase() {
        return restBase;
    }

    /** Where KIS's WebSocket is; it knows no TLS. */
    public URI wsBase() {
        return wsBase;
    }
}
