/** The Java client of the gateway's API: requests and the stream. */
module kr.kisgateway.gatewayclient {
    requires static transitive org.jspecify;
    requires transitive java.net.http;
    requires transitive kr.kisgateway.api;
    requires org.java_websocket;
    requires transitive tools.jackson.databind;

    exports kr.kisgateway.gatewayclient;
}
