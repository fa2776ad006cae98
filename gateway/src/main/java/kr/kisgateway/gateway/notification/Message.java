package kr.kisgateway.gateway.notification;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** What delivers notifications to a channel, in the protocol of its receiver. */
sealed interface Message {
    /** A POST of JSON. */
    record Http(URI uri, Map<String, String> headers, byte[] body) implements Message {}

    /**
     * An e-mail.
     *
     * @param id the same when it is sent again; letters, digits and dots
     * @param subject without line breaks
     */
    record Mail(Channel.Email channel, String id, String subject, String text, Instant at) implements Message {}
}
