package kr.kisgateway.gateway.egress;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import kr.kisgateway.gateway.access.Network;

/** Asks a service from which address it sees this machine. */
public final class OwnAddress {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Longest text of an address, with a line break. */
    private static final int BYTES_MAX = 64;

    private static final int OK = 200;

    private OwnAddress() {}

    /** An address, or why there is none. */
    public sealed interface Answer {
        /** The address as the service writes it. */
        record Seen(String address) implements Answer {}

        record Unknown(String reason) implements Answer {}
    }

    /** Requests it from {@code service}; no longer than some seconds. */
    public static Answer request(URI service) {
        var request = HttpRequest.newBuilder(service.resolve("/"))
                .timeout(LIMIT)
                .header("Accept", "text/plain")
                .GET()
                .build();
        try (var http = HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            var answer = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                String text = new String(body.readNBytes(BYTES_MAX + 1), StandardCharsets.US_ASCII).strip();
                return answer.statusCode() == OK
                        ? address(text)
                                .<Answer>map(Answer.Seen::new)
                                .orElseGet(
                                        () -> new Answer.Unknown("the service does not answer with an address alone"))
                        : new Answer.Unknown("the service answers " + answer.statusCode());
            } finally {
                http.shutdownNow();
            }
        } catch (IOException e) {
            return new Answer.Unknown(
                    "the service cannot be reached: " + e.getClass().getSimpleName());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Unknown("interrupted");
        }
    }

    private static Optional<String> address(String text) {
        return text.length() <= BYTES_MAX
                        && text.indexOf('/') < 0
                        && Network.parse(text).isPresent()
                ? Optional.of(text)
                : Optional.empty();
    }
}
