package kr.kisgateway.gateway.settings;

import java.util.List;
import java.util.Optional;

/**
 * The certificate of the gateway's ports.
 *
 * @param tls absent for plain HTTP
 * @param problems sentences; if there are any, the rest must not be used
 */
public record TlsSettings(Optional<Settings.Tls> tls, List<String> problems) {
    public TlsSettings {
        problems = List.copyOf(problems);
    }
}
