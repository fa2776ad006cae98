/** KIS's own protocol: the API catalog, REST envelopes, WebSocket frames, codes and encryption. No I/O, no threads, no clock. */
module kr.kisgateway.wire {
    requires transitive kr.kisgateway.market;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports kr.kisgateway.wire;
    exports kr.kisgateway.wire.parse;
    exports kr.kisgateway.wire.print;
    exports kr.kisgateway.wire.spi;
}
