/** The SDK for KIS: token, call budget, REST calls and realtime session of one app key. Start at {@code KisClient.open}. */
module kr.kisgateway.client {
    requires static transitive org.jspecify;
    requires transitive kr.kisgateway.market;
    requires transitive kr.kisgateway.wire;
    requires java.net.http;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.apache.httpcomponents.core5.httpcore5;
    requires com.google.crypto.tink;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires io.github.resilience4j.retry;

    // httpclient5 sets socket options with it without declaring it: without this its first connection fails on a
    // module path.
    requires jdk.net;

    // cp949, the encoding of the master files.
    requires jdk.charsets;

    // A simulator, where there is one.
    uses kr.kisgateway.wire.spi.LocalBroker;

    exports kr.kisgateway.client;
    exports kr.kisgateway.client.batch;
    exports kr.kisgateway.client.krx;
    exports kr.kisgateway.client.master;
    exports kr.kisgateway.client.source;

    // The gateway reads its own settings from the same table, and opens its clients by the same rules.
    exports kr.kisgateway.client.settings to
            kr.kisgateway.gateway;
    exports kr.kisgateway.client.setup to
            kr.kisgateway.gateway;
}
