/** The Java client of the gateway's API: requests, the stream, and starting a gateway on this machine. */
module kr.kisgateway.gatewayclient {
    requires static transitive org.jspecify;
    requires transitive java.net.http;
    requires org.java_websocket;
    requires transitive tools.jackson.databind;

    exports kr.kisgateway.gatewayclient;
}
