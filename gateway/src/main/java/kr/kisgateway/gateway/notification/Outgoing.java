package kr.kisgateway.gateway.notification;

import java.util.concurrent.Executor;

/** Sends messages to receivers, by the protocol of each. */
final class Outgoing implements AutoCloseable {
    private final OutgoingHttp http;
    private final OutgoingMail mail;

    /** @param allowsInner whether addresses inside the network, and connections without TLS, are allowed */
    Outgoing(boolean allowsInner, Executor workers) {
        this.http = new OutgoingHttp(allowsInner, workers);
        this.mail = new OutgoingMail(allowsInner, workers);
    }

    Delivery send(Message message) {
        return switch (message) {
            case Message.Http it -> http.send(it);
            case Message.Mail it -> mail.send(it);
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
