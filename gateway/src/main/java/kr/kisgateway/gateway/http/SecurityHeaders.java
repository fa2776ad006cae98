package kr.kisgateway.gateway.http;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * What a browser may do with an answer: read it, if it comes from here. Answers are data of an account: no cache stores them, no page of another
 * site embeds them, none is taken for a script or a page. A route that serves something else replaces them.
 */
final class SecurityHeaders {
    /** A browser that came by an encrypted connection uses no other for a year. */
    private static final HttpField ONLY_ENCRYPTED =
            new PreEncodedHttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000");

    private static final List<HttpField> FIELDS = List.of(
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            new PreEncodedHttpField("X-Frame-Options", "DENY"),
            new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
            new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store"));

    private SecurityHeaders() {}

    /** Has them in every answer of these connections. */
    static void addTo(HttpConfiguration http) {
        http.addCustomizer((request, answer) -> {
            putInto(answer);
            return request;
        });
    }

    /** Has encrypted connections require encryption of later ones, too. */
    static void addEncryptedTo(HttpConfiguration http) {
        http.addCustomizer((request, answer) -> {
            // Browsers apply it to a name on all ports, and other programs of this machine may not be encrypted.
            if (!"localhost".equals(Request.getServerName(request))) {
                answer.put(ONLY_ENCRYPTED);
            }
            return request;
        });
    }

    /** Puts them into an answer that the server library makes by itself. */
    static void putInto(HttpFields.Mutable answer) {
        for (var field : FIELDS) {
            answer.put(field);
        }
    }
}
